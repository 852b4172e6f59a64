using CnnService.Core.Classification;
using CnnService.Web.Api;

namespace CnnService.Web.Features.Classify;

/// <summary>What a network says of images.</summary>
internal sealed record ClassifyAnswer(string Model, int Version, IReadOnlyList<ClassifyResult> Results, ClassifyTiming Timing);

/// <summary>One image's result, or why there is none.</summary>
internal sealed record ClassifyResult
{
    /// <summary>The name its sender gave it.</summary>
    public string? File { get; init; }

    public string? Label { get; init; }

    /// <summary>0–1.</summary>
    public double? Probability { get; init; }

    public IReadOnlyList<ScoredClass>? Top { get; init; }

    public Failure? Error { get; init; }
}

/// <summary>Milliseconds; the longest of the images in the request.</summary>
/// <param name="DecodeMs">From the file to its pixels.</param>
/// <param name="QueueMs">Waiting for a batch.</param>
/// <param name="InferenceMs">The run of the batch.</param>
/// <param name="BatchSize">Images in the batch, those of other requests among them; the largest.</param>
/// <param name="Device">cpu or cuda; null where no image was run.</param>
internal sealed record ClassifyTiming(double DecodeMs, double QueueMs, double InferenceMs, int BatchSize, string? Device);
