using CnnService.Core.Common;

namespace CnnService.Core.Interpretation;

/// <summary>How to draw a pattern. Defaults and ranges are those of the API.</summary>
public sealed record PatternRequest
{
    public const int MinIterations = 16;
    public const int MaxIterations = 2048;
    public const int QuickIterations = 30;
    public const int ArticleIterations = 500;
    public const int MaxDiversity = 4;
    public const double MaxDecay = 2;
    public const int MinSize = 32;
    public const int MaxSize = 512;

    /// <summary>Ascent steps, 16 to 2048; null: 30 of the quick method, 500 of the article's, 256 of classes and where the receptive field
    /// is under 8 pixels, 128 elsewhere.</summary>
    public int? Iterations { get; init; }

    /// <summary>0 to 2^31-1.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Side in pixels, 32 to 512; null: the model's input, or at least max(64, 1.5 receptive fields) where the network up to the
    /// layer allows any size. A network that does not, keeps its own.
    /// </summary>
    public int? Size { get; init; }

    public PatternMethod Method { get; init; }

    /// <summary>1; or -1: what the filter is most against, which is what the filter with the opposite weights looks for. Of a class
    /// likewise.</summary>
    public int Direction { get; init; } = 1;

    public PatternObjective Objective { get; init; }

    /// <summary>How amplitudes fall with the frequency, 0 to 2; natural method.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Natural method.</summary>
    public PatternTransforms Transforms { get; init; }

    /// <summary>The colours of natural images are taken apart, so that steps in them are alike; natural method.</summary>
    public bool Decorrelates { get; init; } = true;

    /// <summary>
    /// The square root of the colours' covariance that they are taken apart by, 3x3, the rows red, green and blue one behind the other;
    /// null: that of natural images. Only its proportions matter.
    /// </summary>
    public IReadOnlyList<double>? Colors { get; init; }

    /// <summary>
    /// The image is looked for pixel by pixel instead of in its frequencies; natural method. Null: where the layer is linear in the image
    /// and no decay is asked for, smoothed then: there no noise builds up, and edges come out straighter and colours purer.
    /// </summary>
    public bool? InPixels { get; init; }

    /// <summary>So many images of each filter, each kept from being like the ones before it, 1 to 4; natural method.</summary>
    public int Diversity { get; init; } = 1;

    /// <summary>Chance follows from layer, filter and seed alone: images of the same network's weights at several times begin alike, and
    /// differ by the weights.</summary>
    public bool SharesStart { get; init; }

    /// <summary>The broken rules: of numbers out of their ranges, and of what goes with some methods only; null where there are
    /// none.</summary>
    public Problem? Check()
    {
        var errors = new ValidationErrors();
        Check(errors);
        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>As the other, into a caller's collection.</summary>
    public void Check(ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Require(Iterations is null or (>= MinIterations and <= MaxIterations), "iterations",
            $"must be between {MinIterations} and {MaxIterations}, received {Iterations}");
        errors.Require(Size is null or (>= MinSize and <= MaxSize), "size", $"must be between {MinSize} and {MaxSize}, received {Size}");
        errors.Require(Seed >= 0, "seed", $"must be between 0 and {int.MaxValue}, received {Seed}");
        PatternVariation.Check(this, errors);
    }
}
