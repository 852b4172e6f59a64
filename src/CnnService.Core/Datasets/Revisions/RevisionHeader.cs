using System.Text.Json.Serialization;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>The part of a revision's file that is read whole.</summary>
internal sealed record RevisionHeader
{
    /// <summary>The data set, but for its images and rejected files.</summary>
    public required DatasetManifest Dataset { get; init; }

    /// <summary>Number of images by split, then label.</summary>
    public required IReadOnlyList<int[]> Counts { get; init; }

    /// <summary>The media types that the rows of this file refer to.</summary>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary>
    /// The file that most images of the revision lie in, where this file holds the changes only; null where it holds all of them.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>The label of each label of the base, -1 for one that is gone; null where they are the same.</summary>
    public IReadOnlyList<int>? BaseLabels { get; init; }

    /// <summary>Whether it has a number of images for each label in each split, and a base that can be one.</summary>
    [JsonIgnore]
    public bool FitsTogether => Counts.Count == Enum.GetValues<Split>().Length
        && Counts.All(counts => counts.Length == Dataset.LabelCount && Array.TrueForAll(counts, count => count >= 0))
        && Counts.Sum(counts => counts.Sum(count => (long)count)) <= int.MaxValue
        && Dataset.LabelSets is null == (Dataset.Task == DatasetTask.SingleLabel)
        && (Dataset.LabelSets is null || LabelSet.AreSets(Dataset.LabelSets, Dataset.Classes.Count))
        && (Base is null || RevisionName.Parse(Base) is not null);
}

/// <summary>Consecutive images of a revision.</summary>
/// <param name="Start">Position of the first one in the revision.</param>
/// <param name="Count">Their number.</param>
/// <param name="IsBase">Whether their rows lie in the base instead of the revision's own file.</param>
/// <param name="Row">The row of the first one.</param>
internal readonly record struct RevisionSegment(int Start, int Count, bool IsBase, int Row)
{
    public int End => Start + Count;
}
