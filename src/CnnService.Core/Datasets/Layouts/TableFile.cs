namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// A text file of a data set that may hold labels: separated values, JSON Lines, JSON, or the label of one image; told apart by the name's
/// ending.
/// </summary>
/// <param name="Path">Path in the source, with <c>/</c> between the folders.</param>
/// <param name="Text">The whole file.</param>
public sealed record TableFile(string Path, string Text)
{
    /// <summary>True for JSON Lines, by the name's ending.</summary>
    public bool IsJsonLines => Ending(Path) is ".jsonl" or ".ndjson";

    /// <summary>True for JSON, which is a table of labels only if it has the form of one.</summary>
    public bool IsJson => Ending(Path) is ".json";

    /// <summary>True for the label of the image of the same name, as WebDataset has it.</summary>
    public bool IsLabel => Ending(Path) is ".cls";

    /// <summary>Whether a file of this name is read as a table.</summary>
    public static bool IsTable(string path) => Ending(path) is ".csv" or ".tsv" or ".jsonl" or ".ndjson" or ".json" or ".cls";

    private static string Ending(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant();
}
