using System.Globalization;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>The name of a revision's file: its number, so that the newest is found, and its hash.</summary>
internal readonly record struct RevisionName(int Number, string Hash)
{
    private const string Extension = ".revision";

    public string FileName => $"{Number:d8}-{Hash}{Extension}";

    /// <summary>Null for the name of another file.</summary>
    public static RevisionName? Parse(string fileName) =>
        fileName.EndsWith(Extension, StringComparison.Ordinal)
        && fileName[..^Extension.Length].Split('-') is [var number, { Length: 64 } hash]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? new(parsed, hash)
            : null;

    /// <summary>All in a folder, in order; none where it does not exist.</summary>
    public static IReadOnlyList<RevisionName> In(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(path => Parse(Path.GetFileName(path))).OfType<RevisionName>()
            .OrderBy(name => name.Number)]
        : [];
}
