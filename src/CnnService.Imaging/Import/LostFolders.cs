using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Imaging.Import;

/// <summary>Finds folders beside those of the classes of which no image was taken: a class is missing then.</summary>
internal static class LostFolders
{
    /// <summary>Lost folders named in the notes.</summary>
    private const int MaxNamed = 10;

    /// <summary>The decision on the layout, with a note for each lost folder.</summary>
    /// <param name="layout">How the labels were found.</param>
    /// <param name="placed">Path and labels of the images that were taken.</param>
    /// <param name="rejected">The files that were not.</param>
    /// <param name="folders">Paths of folders, empty ones among them.</param>
    public static LayoutDecision Note(
        DatasetLayout layout, IReadOnlyList<(string Path, IReadOnlyList<string> Labels)> placed, IReadOnlyList<RejectedFile> rejected,
        IReadOnlyList<string> folders)
    {
        var taken = placed.Select(image => EntryPath.FolderOf(image.Path)).ToHashSet(StringComparer.Ordinal);
        var parents = taken.Select(EntryPath.FolderOf).ToHashSet(StringComparer.Ordinal);
        bool IsLost(string folder) => folder.Length > 0 && !taken.Contains(folder) && parents.Contains(EntryPath.FolderOf(folder));

        (string Folder, string Note)[] lost =
        [
            .. rejected.GroupBy(file => EntryPath.FolderOf(file.Path), StringComparer.Ordinal)
                .Where(group => IsLost(group.Key)).Select(group => (
                group.Key, $"None of the {group.Count()} files in the folder '{group.Key}' could be taken, so that no class comes of it "
                    + $"here; the first: {group.First().Reason}")),
            .. Empty(layout, placed.Select(image => image.Path).Concat(rejected.Select(file => file.Path)), folders).Where(IsLost)
                .Select(folder => (folder, $"The folder '{folder}' is empty, so that no class comes of it here.")),
        ];
        (string Folder, string Note)[] named = [.. lost.OrderBy(one => one.Folder, StringComparer.Ordinal).Take(MaxNamed)];
        return new(layout.Kind, [.. layout.Notes, .. named.Select(one => one.Note)])
        {
            MissingClasses = layout.Kind == LayoutKind.Folders
                ? [.. named.Select(one => NormalizationFormC.Normalize(EntryPath.NameOf(one.Folder)).Trim())
                    .Except(placed.SelectMany(image => image.Labels))]
                : [],
        };
    }

    /// <summary>Folders below which there is no file, where folders are classes.</summary>
    private static IEnumerable<string> Empty(DatasetLayout layout, IEnumerable<string> files, IReadOnlyList<string> folders)
    {
        if (layout.Kind != LayoutKind.Folders)
        {
            return [];
        }

        var full = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            for (var folder = EntryPath.FolderOf(file); folder.Length > 0 && full.Add(folder);)
            {
                folder = EntryPath.FolderOf(folder);
            }
        }

        return folders.SelectMany(Ancestors).Distinct(StringComparer.Ordinal).Where(folder => !full.Contains(folder));
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (; folder.Length > 0; folder = EntryPath.FolderOf(folder))
        {
            yield return folder;
        }
    }
}
