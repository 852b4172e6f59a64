using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>
/// Derives class and split from paths: <c>class/…</c> or <c>split/class/…</c>, optionally within one common folder. Detected from all paths
/// at once, so that their order does not matter.
/// </summary>
internal sealed class Layout
{
    private static readonly Dictionary<string, Split> Splits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = Split.Train,
        ["training"] = Split.Train,
        ["val"] = Split.Validation,
        ["valid"] = Split.Validation,
        ["validation"] = Split.Validation,
        ["test"] = Split.Test,
        ["testing"] = Split.Test,
    };

    private readonly int _skip;

    private Layout(int skip, bool hasSplits)
    {
        _skip = skip;
        HasSplits = hasSplits;
    }

    /// <summary>True where the first folder names the split.</summary>
    public bool HasSplits { get; }

    public static Layout Detect(IReadOnlyCollection<string> paths)
    {
        var folders = paths.Select(Folders).Where(parts => parts.Length > 0).ToArray();
        var skip = folders.Length > 0 && IsWrapper(folders) ? 1 : 0;
        var hasSplits = folders.Any(
            parts => parts.Length > skip + 1 && Splits.TryGetValue(parts[skip], out var split) && split == Split.Train);
        return new(skip, hasSplits);
    }

    /// <summary>Split and class of a file, or why it belongs to none.</summary>
    public Outcome<(Split Split, string Class)> Place(string path)
    {
        var folders = Folders(path);
        var at = _skip;
        var split = Split.Train;
        if (HasSplits && (folders.Length <= at || !Splits.TryGetValue(folders[at++], out split)))
        {
            return Refuse("it lies outside train, validation and test");
        }

        if (folders.Length <= at)
        {
            return Refuse("it lies in no class's folder");
        }

        var name = folders[at];
        return ResourceName.IsClass(name) ? (split, name) : Refuse($"its folder is no class name, which {ResourceName.ClassRule}");
    }

    /// <summary>Whether one folder contains everything and does not name a split.</summary>
    private static bool IsWrapper(string[][] folders) =>
        folders.All(parts => parts.Length > 1 && parts[0] == folders[0][0]) && !Splits.ContainsKey(folders[0][0]);

    private static string[] Folders(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Where(part => part is not ("." or ".."))];

    private static Problem Refuse(string why) => Problem.Unprocessable("dataset.misplaced", why);
}
