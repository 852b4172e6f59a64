namespace CnnService.Core.Datasets.Layouts;

/// <summary>A detected layout: a placement per image.</summary>
/// <param name="Kind">What the labels were read from.</param>
/// <param name="HasSplits">Whether the source itself divides its images into splits.</param>
/// <param name="Placements">One per image path, in their order.</param>
/// <param name="Notes">Sentences on what was decided: what was taken for a split, what was merged, what was left out.</param>
public sealed record DatasetLayout(
    LayoutKind Kind, bool HasSplits, IReadOnlyList<Placement> Placements, IReadOnlyList<string> Notes)
{
    /// <summary>How many labels an image has.</summary>
    public DatasetTask Task { get; init; }

    /// <summary>The class names that occur, in ordinal order.</summary>
    public IReadOnlyList<string> Classes =>
        [.. Placements.SelectMany(placement => placement.Names).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The note of a layout of several labels an image.</summary>
    public static string DescribeSeveral(IEnumerable<Placement> placements)
    {
        var without = placements.Count(place => place.IsTaken && place.Names.Count == 0);
        return "An image has any number of labels here, since the table lists several"
            + (without == 0 ? "." : $"; {LayoutProblems.Images(without)} {(without == 1 ? "has" : "have")} none of the classes.");
    }
}
