using CnnService.Core.Classification.Drift;

namespace CnnService.Web.Features.Monitoring;

/// <summary>Whether a version's recent predictions are distributed like those on its validation images.</summary>
internal sealed record DriftResource
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>Start of the first hour counted.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the window.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The split of the data set that the baseline was predicted on.</summary>
    public required string BaselineSplit { get; init; }

    /// <summary>none, some, strong, or tooFew predictions for a verdict.</summary>
    public required DriftVerdict Verdict { get; init; }

    public required string Sentence { get; init; }

    public required long Predictions { get; init; }

    public required long BaselinePredictions { get; init; }

    public required DriftFigures ClassDistribution { get; init; }

    public required ConfidenceDrift Confidence { get; init; }

    public required IReadOnlyList<ClassDrift> Classes { get; init; }
}

/// <summary>The body of a 202 response: the baseline is still being computed.</summary>
internal sealed record DriftPending(string Status, string Detail, int RetryAfterSeconds)
{
    public static DriftPending Default { get; } = new(
        "predicting",
        "What the version predicts on the data set's images is being made, once; the same request answers when it is known. With "
        + "wait=300 a request waits longer than the usual 30 s.",
        2);
}

/// <param name="Figures">Distance between the two distributions.</param>
/// <param name="Baseline">Baseline predictions by tenth of the predicted class's probability.</param>
/// <param name="Served">Served predictions of the window, by the same tenths.</param>
internal sealed record ConfidenceDrift(DriftFigures Figures, IReadOnlyList<long> Baseline, IReadOnlyList<long> Served);
