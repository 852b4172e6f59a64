using CnnService.Core.Classification;
using CnnService.Web.Api;

namespace CnnService.Web.Features.Classify;

/// <summary>The predictions for the images of a request.</summary>
internal sealed record ClassifyAnswer(string Model, int Version, IReadOnlyList<ClassifyResult> Results, ClassifyTiming Timing);

/// <summary>The prediction for an image, or why there is none.</summary>
internal sealed record ClassifyResult
{
    /// <summary>File name given by the client; null if none was given.</summary>
    public string? File { get; init; }

    /// <summary>The most probable class; null with <c>unknown=reject</c> where the image is not known.</summary>
    public string? Label { get; init; }

    /// <summary>Probability of the label, 0–1.</summary>
    public double? Probability { get; init; }

    /// <summary>
    /// False if the image is unlike those that the version was made for, or less probable than its class needs: then it may be none of
    /// the classes. Null where the version cannot tell.
    /// </summary>
    public bool? Known { get; init; }

    /// <summary>How familiar the image is, 0–1; below the threshold of the version's <c>calibration.unknown</c> it is not known.</summary>
    public double? Familiarity { get; init; }

    public IReadOnlyList<ScoredClass>? Top { get; init; }

    /// <summary>Of a `multiLabel` version: the classes that reach their thresholds, the most probable first.</summary>
    public IReadOnlyList<ScoredClass>? Labels { get; init; }

    public Failure? Error { get; init; }
}

/// <summary>Times in milliseconds; each is the longest of the images in the request.</summary>
/// <param name="DecodeMs">Decoding the image file.</param>
/// <param name="QueueMs">Waiting for a batch.</param>
/// <param name="InferenceMs">Running the batch.</param>
/// <param name="BatchSize">Images in the largest batch, including those of other requests.</param>
/// <param name="Device">cpu or cuda; null if no image was classified.</param>
internal sealed record ClassifyTiming(double DecodeMs, double QueueMs, double InferenceMs, int BatchSize, string? Device);
