using System.Text.Json;
using System.Text.RegularExpressions;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads exports of Label Studio: JSON (tasks with annotations, whose results are choices) and JSON-MIN (a flat object per task).
/// </summary>
internal static partial class LabelStudioTasks
{
    private static readonly string[] ImageFields = ["image", "img", "photo", "picture", "url"];

    /// <summary>Null where the elements are no such tasks. Problem: <c>dataset.several-labels</c>.</summary>
    public static Outcome<LabelTable?> Read(string path, JsonElement tasks)
    {
        var rows = new List<LabelRow>();
        foreach (var (number, task) in tasks.EnumerateArray().Index())
        {
            var isFull = task.ValueKind == JsonValueKind.Object && task.TryGetProperty("data", out _)
                && (task.TryGetProperty("annotations", out _) || task.TryGetProperty("completions", out _));
            var data = isFull ? task.GetProperty("data") : task;
            var image = ImageFields.Select(field => data.Text(field)).FirstOrDefault(value => value is not null);
            string[] labels = [.. isFull ? Choices(task) : Flat(task)];
            if (image is null || (!isFull && labels.Length == 0 && task.Text("annotator") is null))
            {
                continue;
            }

            if (labels.Length > 1)
            {
                return LayoutProblems.SeveralLabels($"task {number + 1} of '{ReceivedText.Text(path)}'", labels);
            }

            rows.Add(new(number + 1, FileOf(image), labels.FirstOrDefault(string.Empty), null));
        }

        return Outcome.Success(rows.Count == 0 ? null : new LabelTable(path, LayoutKind.LabelStudio, rows));
    }

    /// <summary>
    /// The name of the file that an address means: it is looked for among the images and never fetched. Uploaded files have a random
    /// prefix of eight digits there.
    /// </summary>
    internal static string FileOf(string address)
    {
        var path = address.Contains("?d=", StringComparison.Ordinal) ? address[(address.IndexOf("?d=", StringComparison.Ordinal) + 3)..]
            : address.Contains('?', StringComparison.Ordinal) ? address[..address.IndexOf('?', StringComparison.Ordinal)]
            : address;
        return Uri.UnescapeDataString(EntryPath.NameOf(path));
    }

    /// <summary>The name without the prefix that Label Studio gives to uploads; the same where it has none.</summary>
    internal static string WithoutPrefix(string file) => UploadPrefix().Replace(file, string.Empty);

    private static IEnumerable<string> Choices(JsonElement task) =>
        task.Elements("annotations").Concat(task.Elements("completions"))
            .Where(annotation => annotation.ValueKind == JsonValueKind.Object
                && !(annotation.TryGetProperty("was_cancelled", out var cancelled) && cancelled.ValueKind == JsonValueKind.True))
            .SelectMany(annotation => annotation.Elements("result"))
            .Where(result => result.ValueKind == JsonValueKind.Object && result.TryGetProperty("value", out _))
            .SelectMany(result => result.GetProperty("value").Elements("choices"))
            .Where(choice => choice.ValueKind == JsonValueKind.String).Select(choice => choice.GetString()!).Distinct();

    private static IEnumerable<string> Flat(JsonElement task)
    {
        if (task.Text("choice") is { } choice)
        {
            return [choice];
        }

        return task.ValueKind == JsonValueKind.Object && task.TryGetProperty("choice", out var several)
            ? several.Elements("choices").Select(each => each.ToString()).Distinct() : [];
    }

    [GeneratedRegex(@"\A[0-9a-f]{8}-", RegexOptions.CultureInvariant)]
    private static partial Regex UploadPrefix();
}
