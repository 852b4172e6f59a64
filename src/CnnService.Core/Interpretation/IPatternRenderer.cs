using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>Draws the input a filter responds to most, by gradient ascent in input space (Erhan et al. 2009; Olah et al. 2017).</summary>
public interface IPatternRenderer
{
    /// <summary>Changes whenever the same request gives another picture: part of every key of a kept one.</summary>
    string Revision => "1";

    /// <summary>
    /// One tile a filter, of several variants one behind the other; a tile's bytes depend on the request and its own filter only, never on its neighbours.
    /// Blocks for seconds. Thread safe; the implementation bounds how many run at once.
    /// </summary>
    IReadOnlyList<PatternTile> Render(LoadedModel model, PatternRequest request, IReadOnlyList<int> filters, CancellationToken cancel);

    /// <summary>
    /// What <see cref="PatternTile.Activation"/> would be for these pictures, of every filter of the layer: <c>[picture][filter]</c>. The seed and
    /// how patterns are looked for do not matter. Blocks; thread safe.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="request">Names the layer, and what counts as an answer.</param>
    /// <param name="pictures">In any size that the network up to the layer takes.</param>
    /// <param name="cancel">Heeded between pictures.</param>
    IReadOnlyList<float[]> Respond(LoadedModel model, PatternRequest request, IReadOnlyList<PixelBuffer> pictures, CancellationToken cancel);
}

/// <summary>How to draw a pattern. Defaults and ranges are those of the API.</summary>
public sealed record PatternRequest
{
    public const int LeastIterations = 16;
    public const int MostIterations = 2048;
    public const int QuickIterations = 30;
    public const int ArticleIterations = 500;
    public const int MostDiversity = 4;
    public const double MostDecay = 2;
    public const int LeastSize = 32;
    public const int MostSize = 512;

    /// <summary>A layer of the model with channels (convolution, dense, …).</summary>
    public required string Layer { get; init; }

    /// <summary>Ascent steps, 16 to 2048; null: 30 of the quick recipe, 500 of the article's, else 256 where the receptive field is under 8 pixels and 128 elsewhere.</summary>
    public int? Iterations { get; init; }

    /// <summary>0 to 2^31-1.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Side in pixels, 32 to 512; null: the model's input, or at least max(64, 1.5 receptive fields) where the network up to the
    /// layer allows any size. A network that does not, keeps its own.
    /// </summary>
    public int? Size { get; init; }

    /// <summary>
    /// 0: the filter's own answer is made large, where it is silent too. 1 or -1: the mean of its linear values, or of their negatives, which
    /// is what a class is read from.
    /// </summary>
    public int ClassDirection { get; init; }

    public PatternRecipe Recipe { get; init; }

    /// <summary>1; or -1: what the filter is most against, which is what the filter with the opposite weights looks for. Of a class likewise.</summary>
    public int Direction { get; init; } = 1;

    public PatternObjective Objective { get; init; }

    /// <summary>How amplitudes fall with the frequency, 0 to 2; natural recipe.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Natural recipe.</summary>
    public PatternTransforms Transforms { get; init; }

    /// <summary>The colours of natural pictures are taken apart, so that steps in them are alike; natural recipe.</summary>
    public bool Decorrelates { get; init; } = true;

    /// <summary>
    /// The square root of the colours' covariance that they are taken apart by, 3x3, the rows red, green and blue one behind the other; null: that of natural
    /// pictures. Only its proportions matter.
    /// </summary>
    public IReadOnlyList<double>? Colors { get; init; }

    /// <summary>
    /// The picture is looked for pixel by pixel instead of in its frequencies; natural recipe. Null: where the layer is linear in the picture and no
    /// decay is asked for, smoothed then: there no noise builds up, and edges come out straighter and colours purer.
    /// </summary>
    public bool? InPixels { get; init; }

    /// <summary>So many pictures of each filter, each kept from being like the ones before it, 1 to 4; natural recipe.</summary>
    public int Diversity { get; init; } = 1;

    /// <summary>Chance follows from layer, filter and seed alone: pictures of the same network's weights at several times begin alike, and differ by the weights.</summary>
    public bool SharesStart { get; init; }

    /// <summary>Holds the numbers to their ranges, and what goes with some recipes only to these.</summary>
    public void Check(ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Require(Iterations is null or (>= LeastIterations and <= MostIterations), "iterations", $"must be between {LeastIterations} and {MostIterations}, received {Iterations}");
        errors.Require(Size is null or (>= LeastSize and <= MostSize), "size", $"must be between {LeastSize} and {MostSize}, received {Size}");
        errors.Require(Seed >= 0, "seed", $"must be between 0 and {int.MaxValue}, received {Seed}");
        PatternVariation.Check(this, errors);
    }
}

/// <summary>How the input is looked for.</summary>
public enum PatternRecipe
{
    /// <summary>In frequencies, moved before each step: what the filter answers to wherever it stands.</summary>
    Natural,

    /// <summary>In pixels, 30 steps of one length: coarser, in a fraction of the time.</summary>
    Quick,

    /// <summary>In pixels, with a picture that wanders, in two passes of which the second is smoothed: what the article did, put right.</summary>
    Article,
}

/// <summary>Which cells of a filter's map are made large.</summary>
public enum PatternObjective
{
    /// <summary>All, on average.</summary>
    Channel,

    /// <summary>The one in the middle.</summary>
    Neuron,
}

/// <summary>How the picture is moved before each step.</summary>
public enum PatternTransforms
{
    /// <summary>Turned, scaled and shifted.</summary>
    Robust,

    /// <summary>Shifted.</summary>
    Jitter,

    /// <summary>Not at all: what is found holds for this very picture only.</summary>
    None,
}

/// <summary>A pattern and its proof: figures measured on the 8-bit picture itself.</summary>
/// <param name="Filter">Index in the layer.</param>
/// <param name="Picture">Plain RGB or grey.</param>
/// <param name="Activation">
/// Mean activation of the filter for this picture (after the activation function); of the positive part where everything up to the
/// filter is linear in the picture, because its plain mean says nothing but the mean colour.
/// </param>
/// <param name="StartActivation">The same for the start of the ascent.</param>
/// <param name="NoiseActivation">The largest mean activation over the noise pictures tried.</param>
/// <param name="Iterations">Steps done.</param>
/// <param name="Size">Side in pixels.</param>
/// <param name="Status">Whether the pattern means anything.</param>
/// <param name="Variant">0, or which of several pictures of the filter it is.</param>
public sealed record PatternTile(
    int Filter,
    PixelBuffer Picture,
    double Activation,
    double StartActivation,
    double NoiseActivation,
    int Iterations,
    int Size,
    PatternStatus Status,
    int Variant = 0)
{
    /// <summary>As it stands in a figure: a dead one is hatched.</summary>
    internal PixelBuffer Shown => Status == PatternStatus.Dead ? DeadTile.Of(Picture) : Picture;
}

/// <summary>What a pattern is worth.</summary>
public enum PatternStatus
{
    /// <summary>Beats every noise picture.</summary>
    Ok,

    /// <summary>Active, but no more than noise makes it.</summary>
    Weak,

    /// <summary>Neither noise nor what was found makes the filter fire; statistics of the layer tell whether real pictures do.</summary>
    Dead,
}
