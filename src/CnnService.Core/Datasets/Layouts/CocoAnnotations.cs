using System.Text.Json;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads COCO's annotations (<c>images</c>, <c>annotations</c>, <c>categories</c>): the labels of an image are the categories of its boxes.
/// </summary>
internal static class CocoAnnotations
{
    /// <summary>
    /// Null where the object is none. Where an image has boxes of several categories, an image without a box has none of the classes; else
    /// it has no label.
    /// </summary>
    public static LabelTable? Read(string path, JsonElement root)
    {
        var names = Named(root.Elements("categories"), "name");
        var files = Named(root.Elements("images"), "file_name");
        if (names.Count == 0 || files.Count == 0)
        {
            return null;
        }

        var labels = root.Elements("annotations")
            .Select(box => (Image: box.Text("image_id"), Category: box.Text("category_id")))
            .Where(box => box is { Image: not null, Category: not null })
            .ToLookup(box => box.Image!, box => names.GetValueOrDefault(box.Category!) ?? box.Category!, StringComparer.Ordinal);
        return LabelTable.FromLists(path, LayoutKind.Coco,
            [.. files.Select((file, index) => new LabelRow(index + 1, file.Value.Replace('\\', '/'), string.Empty, null)
            {
                Several = [.. labels[file.Key].Distinct()],
            })]);
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
