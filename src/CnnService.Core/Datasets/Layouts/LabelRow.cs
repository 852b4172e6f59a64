namespace CnnService.Core.Datasets.Layouts;

/// <summary>A row of a table of labels.</summary>
/// <param name="Number">Number of the row, counted from 1 without the header.</param>
/// <param name="File">What names the image: a path, a file name, or a name without its ending.</param>
/// <param name="Label">The class.</param>
/// <param name="Split">What the table calls the split; null where it has no such column.</param>
internal readonly record struct LabelRow(int Number, string File, string Label, string? Split)
{
    /// <summary>
    /// The classes, in a table of several labels an image; null in others, and where the row says nothing of the image's labels.
    /// </summary>
    public IReadOnlyList<string>? Several { get; init; }
}
