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

    /// <summary>
    /// Null where the elements are no such tasks. A task that nobody has annotated says nothing of its image. Problem:
    /// <c>dataset.several-labels</c> where the annotations of a task differ.
    /// </summary>
    public static Outcome<LabelTable?> Read(string path, JsonElement tasks)
    {
        var rows = new List<LabelRow>();
        foreach (var (number, task) in tasks.EnumerateArray().Index())
        {
            var isFull = task.ValueKind == JsonValueKind.Object && task.TryGetProperty("data", out _)
                && (task.TryGetProperty("annotations", out _) || task.TryGetProperty("completions", out _));
            var data = isFull ? task.GetProperty("data") : task;
            var image = ImageFields.Select(field => data.Text(field)).FirstOrDefault(value => value is not null);
            string[][] opinions = isFull ? Annotations(task) : Flat(task);
            if (opinions.Length > 1 && opinions.Skip(1).Any(other => !other.ToHashSet().SetEquals(opinions[0])))
            {
                return LayoutProblems.SeveralLabels(
                    $"task {number + 1} of '{ReceivedText.Text(path)}', by annotations that differ,",
                    opinions.SelectMany(opinion => opinion).Distinct());
            }

            if (image is not null && (isFull || opinions.Length > 0 || task.Text("annotator") is not null))
            {
                rows.Add(new(number + 1, FileOf(image), string.Empty, null) { Several = opinions.FirstOrDefault() });
            }
        }

        return Outcome.Success(rows.Count == 0 ? null : LabelTable.FromLists(path, LayoutKind.LabelStudio, rows));
    }

    /// <summary>A cell of the column of choices: where there are several, it is an object that lists them; then the list.</summary>
    internal static string ListOf(string cell)
    {
        try
        {
            using var json = cell.StartsWith('{') ? JsonDocument.Parse(cell) : null;
            return json?.RootElement.TryGetProperty("choices", out var choices) == true ? choices.GetRawText() : cell;
        }
        catch (JsonException)
        {
            return cell;
        }
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

    /// <summary>The labels by each annotation that counts.</summary>
    private static string[][] Annotations(JsonElement task) =>
    [
        .. task.Elements("annotations").Concat(task.Elements("completions"))
            .Where(annotation => annotation.ValueKind == JsonValueKind.Object
                && !(annotation.TryGetProperty("was_cancelled", out var cancelled) && cancelled.ValueKind == JsonValueKind.True))
            .Select(annotation => annotation.Elements("result")
                .Where(result => result.ValueKind == JsonValueKind.Object && result.TryGetProperty("value", out _))
                .SelectMany(result => result.GetProperty("value").Elements("choices"))
                .Where(choice => choice.ValueKind == JsonValueKind.String).Select(choice => choice.GetString()!).Distinct().ToArray()),
    ];

    private static string[][] Flat(JsonElement task) =>
        task.Text("choice") is { } choice ? [[choice]]
        : task.ValueKind == JsonValueKind.Object && task.TryGetProperty("choice", out var several)
            ? [[.. several.Elements("choices").Select(each => each.ToString()).Distinct()]] : [];

    [GeneratedRegex(@"\A[0-9a-f]{8}-", RegexOptions.CultureInvariant)]
    private static partial Regex UploadPrefix();
}
