using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>What to explain, and how. Null takes the method's default.</summary>
public sealed record ExplanationRequest
{
    /// <summary>A wire name of <see cref="ExplainMethod"/>.</summary>
    public string Method { get; init; } = WireName.All<ExplainMethod>()[0];

    /// <summary>Name or index of a class; null for the predicted class.</summary>
    public string? Class { get; init; }

    /// <summary>Layer of a class activation map; null for the last feature maps before the classifier.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// Noisy copies of smoothgrad (1 to 200, default 25), masks of rise (100 to 4000, default 1000), maps of score-cam (1 to 512,
    /// default 64).
    /// </summary>
    public int? Samples { get; init; }

    /// <summary>Standard deviation of smoothgrad's noise as a share of the image's value range, 0 to 0.5; default 0.15.</summary>
    public double? Noise { get; init; }

    /// <summary>Steps of integrated-gradients, 8 to 512; default 32.</summary>
    public int? Steps { get; init; }

    /// <summary>Baseline of integrated-gradients: mean, black, white, blur or noise.</summary>
    public string? Baseline { get; init; }

    /// <summary>Seed of everything random, from 0.</summary>
    public int Seed { get; init; }
}
