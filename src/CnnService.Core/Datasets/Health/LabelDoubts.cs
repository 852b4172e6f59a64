namespace CnnService.Core.Datasets.Health;

/// <summary>Labels of a data set, ranked by how much a network speaks against them. Immutable.</summary>
public sealed record LabelDoubts
{
    /// <summary>Labels that are listed; all doubted ones are counted.</summary>
    public const int MaxListed = 500;

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required LabelEvidence Evidence { get; init; }

    /// <summary>Number of labels that were judged.</summary>
    public required int Judged { get; init; }

    /// <summary>Number of labels that the network speaks clearly against.</summary>
    public required int Doubted { get; init; }

    /// <summary>Share of the labels that are the network's first choice, 0–1.</summary>
    public required double Agreement { get; init; }

    /// <summary>The first of the ranking: the doubted ones, then those of the smallest margin.</summary>
    public required IReadOnlyList<DoubtedLabel> Ranked { get; init; }

    /// <summary>How far the figures can be trusted.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A label in doubt.</summary>
/// <param name="Image">The image and the class it is labelled with.</param>
/// <param name="Suggested">The most probable other class.</param>
/// <param name="Probability">Of the class it is labelled with, 0–1.</param>
/// <param name="SuggestedProbability">Of the suggested class, 0–1.</param>
/// <param name="IsDoubted">True where the network speaks clearly against it; false where it is only less sure than elsewhere.</param>
public sealed record DoubtedLabel(HealthImage Image, string Suggested, double Probability, double SuggestedProbability, bool IsDoubted);
