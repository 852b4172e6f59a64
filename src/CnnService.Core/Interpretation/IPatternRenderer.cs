using CnnService.Core.Common;

namespace CnnService.Core.Interpretation;

/// <summary>Draws the input a filter responds to most, by gradient ascent in input space (Erhan et al. 2009; Olah et al. 2017).</summary>
public interface IPatternRenderer
{
    /// <summary>Changes whenever the same request gives another image: part of every key of a kept one.</summary>
    string Revision => "1";

    /// <summary>Tiles drawn at the same time, for all callers together: whoever wants many asks for no more at once, so that others get in
    /// between.</summary>
    int MaxConcurrency { get; }

    /// <summary>
    /// A filter's tile, of several variants one behind the other; its bytes depend on the job and its own filter only, never on its
    /// neighbours. Takes seconds. Thread safe; waits where <see cref="MaxConcurrency"/> are being drawn.
    /// </summary>
    /// <param name="job">What to draw; which of its filters is said beside it.</param>
    /// <param name="filter">Of the job's layer.</param>
    /// <param name="cancel">Heeded before each step.</param>
    Task<IReadOnlyList<PatternTile>> RenderAsync(PatternJob job, int filter, CancellationToken cancel);

    /// <summary>
    /// What <see cref="PatternTile.Activation"/> would be for these images, of every filter of the layer: <c>[image][filter]</c>. The seed
    /// and how patterns are looked for do not matter. Blocks; thread safe.
    /// </summary>
    /// <param name="job">Names the layer, and what counts as an answer.</param>
    /// <param name="images">In any size that the network up to the layer takes.</param>
    /// <param name="cancel">Heeded between images.</param>
    IReadOnlyList<float[]> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel);
}
