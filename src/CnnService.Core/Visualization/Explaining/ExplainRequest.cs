using CnnService.Core.Common;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>What is to be explained, and how. Defaults and ranges are those of the API.</summary>
public sealed record ExplainRequest
{
    public const int LeastSteps = 8;
    public const int MostSteps = 512;
    public const int MostSamples = 200;
    public const int LeastMasks = 100;
    public const int MostMasks = 4000;
    public const int MostMaps = 512;

    public ExplainMethod Method { get; init; } = ExplainMethod.GradCam;

    /// <summary>A class by name, or by index where no class has that name; null: the one that the network names.</summary>
    public string? Class { get; init; }

    /// <summary>Of the CAM methods; null: the last maps before the classifier.</summary>
    public string? Layer { get; init; }

    /// <summary>Integrated gradients: points on the path, 8 to 512; they are doubled, up to 256, until the sum is within 5 percent.</summary>
    public int Steps { get; init; } = 32;

    /// <summary>Integrated gradients: where the path begins.</summary>
    public ExplainBaseline Baseline { get; init; } = ExplainBaseline.Mean;

    /// <summary>SmoothGrad: noisy copies, 1 to 200.</summary>
    public int Samples { get; init; } = 25;

    /// <summary>SmoothGrad: deviation of the noise as a share of the picture's range, 0 to 0.5.</summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>RISE: random masks, 100 to 4000.</summary>
    public int Masks { get; init; } = 1000;

    /// <summary>Score-CAM: the layer's maps that vary most, 1 to 512.</summary>
    public int Maps { get; init; } = 64;

    /// <summary>Of noise and masks, 0 to 2^31-1.</summary>
    public int Seed { get; init; }

    /// <summary>Adds the rules that its numbers break.</summary>
    public void Check(ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Require(Steps is >= LeastSteps and <= MostSteps, "steps", $"must be between {LeastSteps} and {MostSteps}, received {Steps}");
        errors.Require(Samples is >= 1 and <= MostSamples, "samples", $"must be between 1 and {MostSamples}, received {Samples}");
        errors.Require(Noise is >= 0 and <= 0.5, "noise", FormattableString.Invariant($"must be between 0 and 0.5, received {Noise}"));
        errors.Require(Masks is >= LeastMasks and <= MostMasks, "masks", $"must be between {LeastMasks} and {MostMasks}, received {Masks}");
        errors.Require(Maps is >= 1 and <= MostMaps, "maps", $"must be between 1 and {MostMaps}, received {Maps}");
        errors.Require(Seed >= 0, "seed", $"must be between 0 and {int.MaxValue}, received {Seed}");
        errors.Require(Layer is null || Method.HasLayer(), "layer", $"belongs to the CAM methods, not to {ExplainMethods.NameOf(Method)}");
    }
}

/// <summary>The picture that shows nothing.</summary>
public enum ExplainBaseline
{
    /// <summary>The mean colour of the model's preprocessing; a grey where it has none.</summary>
    Mean,

    Black,

    White,

    /// <summary>The picture itself, blurred.</summary>
    Blur,

    /// <summary>Random colours.</summary>
    Noise,
}
