namespace CnnService.Core.Datasets.Layouts;

/// <summary>A text file of a data set that may hold labels: CSV, TSV or JSON Lines, told apart by the name's ending.</summary>
/// <param name="Path">Path in the source, with <c>/</c> between the folders.</param>
/// <param name="Text">The whole file.</param>
public sealed record TableFile(string Path, string Text)
{
    /// <summary>Maximum size of a table, bytes.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>Whether a file of this name is read as a table.</summary>
    public static bool IsTable(string path) =>
        System.IO.Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".jsonl" or ".ndjson";
}
