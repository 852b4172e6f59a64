namespace CnnService.Core.Datasets.Layouts;

/// <summary>A text file of a data set that may hold labels: CSV, TSV or JSON Lines, told apart by the name's ending.</summary>
/// <param name="Path">Path in the source, with <c>/</c> between the folders.</param>
/// <param name="Text">The whole file.</param>
public sealed record TableFile(string Path, string Text)
{
    /// <summary>True for JSON Lines, by the name's ending; false for separated values.</summary>
    public bool IsJsonLines => Ending(Path) is ".jsonl" or ".ndjson";

    /// <summary>Whether a file of this name is read as a table.</summary>
    public static bool IsTable(string path) => Ending(path) is ".csv" or ".tsv" or ".jsonl" or ".ndjson";

    private static string Ending(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant();
}
