namespace CnnService.Core.Datasets.Layouts;

/// <summary>Finds images by what a table calls them.</summary>
internal sealed class ImageIndex
{
    private readonly IReadOnlyList<string> _paths;
    private readonly ILookup<string, int> _byName;
    private readonly ILookup<string, int> _byStem;

    public ImageIndex(IReadOnlyList<string> paths)
    {
        _paths = paths;
        _byName = Enumerable.Range(0, paths.Count).ToLookup(i => EntryPath.NameOf(paths[i]), StringComparer.Ordinal);
        _byStem = Enumerable.Range(0, paths.Count).ToLookup(i => StemOf(EntryPath.NameOf(paths[i])), StringComparer.Ordinal);
    }

    /// <summary>
    /// The images that a row may mean: the one at that path beside the table, else all whose path ends with it, with or without the file
    /// name's ending.
    /// </summary>
    /// <param name="tablePath">Path of the table.</param>
    /// <param name="file">What the row says.</param>
    public int[] Find(string tablePath, string file)
    {
        var wanted = file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file.TrimStart('/');
        if (wanted.Length == 0)
        {
            return [];
        }

        var beside = tablePath[..(tablePath.LastIndexOf('/') + 1)] + wanted;
        int[] named = [.. _byName[EntryPath.NameOf(wanted)].Where(i => EndsWith(_paths[i], wanted))];
        int[] found = named.Length > 0 ? named : [.. _byStem[EntryPath.NameOf(wanted)].Where(i => EndsWith(StemOf(_paths[i]), wanted))];
        int[] exact = [.. found.Where(i => _paths[i] == beside || StemOf(_paths[i]) == beside)];
        return exact.Length == 1 ? exact : found;
    }

    private static bool EndsWith(string path, string end) =>
        path.EndsWith(end, StringComparison.Ordinal) && (path.Length == end.Length || path[^(end.Length + 1)] == '/');

    private static string StemOf(string path) =>
        path.LastIndexOf('.') is var dot && dot > path.LastIndexOf('/') + 1 ? path[..dot] : path;
}
