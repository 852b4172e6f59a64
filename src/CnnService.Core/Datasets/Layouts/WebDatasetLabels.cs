using System.Text.Json;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// The labels of a tar in the form of WebDataset: <c>key.cls</c>, or <c>key.json</c> with a label, beside the image <c>key.jpg</c>.
/// </summary>
internal static class WebDatasetLabels
{
    private static readonly string[] LabelFields = ["label", "cls", "class", "class_name", "classname", "label_name"];

    /// <summary>Their table; null where there are none.</summary>
    /// <param name="files">All tables.</param>
    /// <param name="keys">Paths of the images up to the first dot of their names.</param>
    public static LabelTable? Read(IEnumerable<TableFile> files, IReadOnlySet<string> keys)
    {
        var rows = new List<LabelRow>();
        foreach (var file in files.Where(file => file.IsLabel || (file.IsJson && keys.Contains(KeyOf(file.Path)))))
        {
            if ((file.IsLabel ? file.Text.Trim() : Label(file.Text)) is { } label)
            {
                rows.Add(new(rows.Count + 1, KeyOf(file.Path), label, null));
            }
        }

        return rows.Count == 0 ? null : new LabelTable("*.cls", LayoutKind.WebDataset, rows);
    }

    /// <summary>The path up to the first dot of the file's name.</summary>
    public static string KeyOf(string path) => path.IndexOf('.', path.LastIndexOf('/') + 1) is var dot && dot > 0 ? path[..dot] : path;

    private static string? Label(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 16 });
            return LabelFields.Select(field => document.RootElement.Text(field)).FirstOrDefault(label => label is not null);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
