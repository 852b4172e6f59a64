using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Artifacts;

/// <summary>Names of folders and files for the images of a data set, safe on every file system.</summary>
internal sealed class ExportNames
{
    private const string Forbidden = "/\\:*?\"<>|";

    /// <summary>By class; null where an image has any number of them.</summary>
    private readonly string[]? _folders;

    public ExportNames(DatasetManifest dataset)
    {
        if (dataset.Task == DatasetTask.MultiLabel)
        {
            return;
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _folders = [.. dataset.Classes.Select(name =>
        {
            var folder = FolderOf(name);
            var unique = folder;
            for (var again = 2; !taken.Add(unique); again++)
            {
                unique = string.Create(CultureInfo.InvariantCulture, $"{folder}-{again}");
            }

            return unique;
        })];
    }

    /// <summary><c>split/class/id.extension</c>, or <c>split/id.extension</c>.</summary>
    public string PathOf(DatasetImage image) =>
        $"{image.Split.ToWireName()}/{(_folders is null ? string.Empty : $"{_folders[image.Label]}/")}{FileName(image)}";

    /// <summary><c>id.extension</c>.</summary>
    public static string FileName(DatasetImage image)
    {
        var type = image.MediaType[(image.MediaType.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return $"{image.Id}.{type switch
        {
            "jpeg" => "jpg",
            "tiff" => "tif",
            "x-tga" => "tga",
            "x-portable-anymap" => "pnm",
            _ => type,
        }}";
    }

    private static string FolderOf(string name)
    {
        var plain = string.Concat(name.Select(letter => Forbidden.Contains(letter, StringComparison.Ordinal) ? '_' : letter))
            .Trim(' ', '.');
        return plain.Length == 0 ? "_" : plain;
    }
}
