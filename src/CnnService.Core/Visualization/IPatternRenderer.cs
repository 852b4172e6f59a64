using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization;

/// <summary>Draws the input a filter responds to most, by gradient ascent in input space (Erhan et al. 2009; Olah et al. 2017).</summary>
public interface IPatternRenderer
{
    /// <summary>Changes whenever the same request gives another picture: part of every key of a kept one.</summary>
    string Recipe => "1";

    /// <summary>
    /// One tile a filter; a tile's bytes depend on the request and its own filter only, never on its neighbours.
    /// Blocks for seconds. Thread safe; the implementation bounds how many run at once.
    /// </summary>
    IReadOnlyList<PatternTile> Render(LoadedModel model, PatternRequest request, IReadOnlyList<int> filters, CancellationToken cancel);
}

/// <summary>How to draw a pattern. Defaults and ranges are those of the API.</summary>
public sealed record PatternRequest
{
    public const int LeastIterations = 16;
    public const int MostIterations = 2048;
    public const int QuickIterations = 30;
    public const int LeastSize = 32;
    public const int MostSize = 512;

    /// <summary>A layer of the model with channels (convolution, dense, …).</summary>
    public required string Layer { get; init; }

    /// <summary>Ascent steps, 16 to 2048; null: 30 of the quick recipe, else 256 where the receptive field is under 8 pixels and 128 elsewhere.</summary>
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

    /// <summary>Chance follows from layer, filter and seed alone: pictures of the same network's weights at several times begin alike, and differ by the weights.</summary>
    public bool SharesStart { get; init; }
}

/// <summary>How the input is looked for.</summary>
public enum PatternRecipe
{
    /// <summary>In frequencies, moved before each step: what the filter answers to wherever it stands.</summary>
    Natural,

    /// <summary>In pixels, 30 steps of one length: coarser, in a fraction of the time.</summary>
    Quick,
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
public sealed record PatternTile(
    int Filter,
    PixelBuffer Picture,
    double Activation,
    double StartActivation,
    double NoiseActivation,
    int Iterations,
    int Size,
    PatternStatus Status);

/// <summary>What a pattern is worth.</summary>
public enum PatternStatus
{
    /// <summary>Beats every noise picture.</summary>
    Ok,

    /// <summary>Active, but no more than noise makes it.</summary>
    Weak,

    /// <summary>No picture found that makes the filter fire.</summary>
    Dead,
}
