using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Parameters of a pattern. Defaults and ranges are those of the API.</summary>
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

    /// <summary>
    /// Steps of gradient ascent, 16 to 2048; null for 30 with the quick method, 500 with the article's, 256 for classes and for receptive
    /// fields under 8 pixels, else 128.
    /// </summary>
    public int? Iterations { get; init; }

    /// <summary>Seed of the random numbers, 0 to 2^31-1.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Side in pixels, 32 to 512; null for the model's input size, or at least max(64, 1.5 receptive fields) if the network up to the layer
    /// accepts any size. Networks with a fixed size keep it.
    /// </summary>
    public int? Size { get; init; }

    public PatternMethod Method { get; init; }

    /// <summary>
    /// 1 to maximize the activation, -1 to minimize it: the result is the pattern of the filter with the opposite weights. The same
    /// for classes.
    /// </summary>
    public int Direction { get; init; } = 1;

    public PatternObjective Objective { get; init; }

    /// <summary>Exponent of the amplitudes' fall with the frequency, 0 to 2; natural method.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Random transforms before each step; natural method.</summary>
    public PatternTransforms Transforms { get; init; }

    /// <summary>
    /// Whether colours are decorrelated by the colour statistics of natural images, or by <see cref="Colors"/>; natural method.
    /// </summary>
    public bool Decorrelates { get; init; } = true;

    /// <summary>
    /// Square root of the colour covariance to decorrelate by, 3x3, rows in the order red, green, blue; null for that of natural images.
    /// Only the proportions matter.
    /// </summary>
    public IReadOnlyList<double>? Colors { get; init; }

    /// <summary>
    /// True to optimize pixels, false to optimize the Fourier spectrum; natural method. Null for smoothed pixels if the layer is linear in
    /// the image and the decay is 1: no noise builds up there, edges are straighter and colours purer; else the spectrum.
    /// </summary>
    public bool? InPixels { get; init; }

    /// <summary>Number of images per filter, each penalized for similarity to the ones before it, 1 to 4; natural method.</summary>
    public int Diversity { get; init; } = 1;

    /// <summary>
    /// Whether random numbers depend on layer, filter and seed alone: snapshots of the same network then start alike, and differences come
    /// from the weights.
    /// </summary>
    public bool SharesStart { get; init; }

    /// <summary>Whether it is drawn on the GPU, which gives other bytes than the processor; the service chooses, see
    /// <see cref="Rendering.IDrawingDevice"/>.</summary>
    public bool OnGpu { get; init; }

    /// <summary>The rules that the values break: ranges, and parameters of another method; null if there are none.</summary>
    public Problem? Check()
    {
        var errors = new ValidationErrors();
        Check(errors);
        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>Adds the broken rules to a collection.</summary>
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
