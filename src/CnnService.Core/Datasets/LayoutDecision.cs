namespace CnnService.Core.Datasets;

/// <summary>What is kept of a layout with the data set.</summary>
/// <param name="Kind">What the labels were read from.</param>
/// <param name="Notes">Sentences on what was decided.</param>
public sealed record LayoutDecision(LayoutKind Kind, IReadOnlyList<string> Notes)
{
    /// <summary>Folders beside those of the classes of which no image was taken, by name: a class each that is missing.</summary>
    public IReadOnlyList<string> MissingClasses { get; init; } = [];

    /// <summary>A folder per class, with nothing to decide.</summary>
    public static LayoutDecision Folders { get; } = new(LayoutKind.Folders, []);
}
