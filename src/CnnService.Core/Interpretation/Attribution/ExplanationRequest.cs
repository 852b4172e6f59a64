using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>What to explain, and how. Null: the method's usual value.</summary>
public sealed record ExplanationRequest
{
    /// <summary>One of the names of <see cref="ExplainMethod"/>.</summary>
    public string Method { get; init; } = WireName.All<ExplainMethod>()[0];

    /// <summary>A class by name or by its number; null: the predicted one.</summary>
    public string? Class { get; init; }

    /// <summary>The layer of a class activation map; null: the last map before the classifier.</summary>
    public string? Layer { get; init; }

    /// <summary>Noisy copies of smoothgrad (1 to 200, 25), masks of rise (100 to 4000, 1000), maps of score-cam (1 to 512, 64).</summary>
    public int? Samples { get; init; }

    /// <summary>Deviation of smoothgrad's noise as a share of the image's range, 0 to 0.5; 0.15.</summary>
    public double? Noise { get; init; }

    /// <summary>Of integrated-gradients, 8 to 512; 32.</summary>
    public int? Steps { get; init; }

    /// <summary>What integrated-gradients starts from: mean, black, white, blur or noise.</summary>
    public string? Baseline { get; init; }

    /// <summary>Of all that is random, from 0.</summary>
    public int Seed { get; init; }
}
