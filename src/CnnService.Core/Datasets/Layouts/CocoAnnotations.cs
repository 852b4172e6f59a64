using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads COCO's annotations (<c>images</c>, <c>annotations</c>, <c>categories</c>): the label of an image is the category of its boxes.
/// </summary>
internal static class CocoAnnotations
{
    /// <summary>
    /// Null where the object is none. Problem: <c>dataset.several-labels</c> where an image has boxes of several categories.
    /// </summary>
    public static Outcome<LabelTable?> Read(string path, JsonElement root)
    {
        var names = Named(root.Elements("categories"), "name");
        var files = Named(root.Elements("images"), "file_name");
        if (names.Count == 0 || files.Count == 0)
        {
            return Outcome.Success<LabelTable?>(null);
        }

        var labels = root.Elements("annotations")
            .Select(box => (Image: box.Text("image_id"), Category: box.Text("category_id")))
            .Where(box => box is { Image: not null, Category: not null })
            .ToLookup(box => box.Image!, box => names.GetValueOrDefault(box.Category!) ?? box.Category!, StringComparer.Ordinal);
        var rows = new List<LabelRow>();
        foreach (var (number, (id, file)) in files.Index())
        {
            string[] found = [.. labels[id].Distinct()];
            if (found.Length > 1)
            {
                return LayoutProblems.SeveralLabels($"'{ReceivedText.Text(file)}' in '{ReceivedText.Text(path)}'", found);
            }

            rows.Add(new(number + 1, file.Replace('\\', '/'), found.FirstOrDefault(string.Empty), null));
        }

        return new LabelTable(path, LayoutKind.Coco, rows);
    }

    /// <summary>A member of the elements by their id.</summary>
    private static Dictionary<string, string> Named(IEnumerable<JsonElement> elements, string member)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var element in elements)
        {
            if (element.Text("id") is { } id && element.Text(member) is { } name)
            {
                named[id] = name;
            }
        }

        return named;
    }
}
