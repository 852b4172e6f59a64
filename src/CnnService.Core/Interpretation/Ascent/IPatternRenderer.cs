using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// Renders the input that maximizes a filter's activation, by gradient ascent in input space (Erhan et al. 2009; Olah et al. 2017).
/// </summary>
public interface IPatternRenderer
{
    /// <summary>
    /// Number of tiles rendered at a time, for all callers together. Callers with many tiles should not request more at once, so that
    /// others are served in between.
    /// </summary>
    int MaxConcurrency { get; }

    /// <summary>
    /// The tile of a filter, or its variants in order. The bytes depend on the job and this filter only, never on other filters. Takes
    /// seconds. Thread safe; waits while <see cref="MaxConcurrency"/> tiles are being rendered. Problem codes:
    /// <c>torch.unavailable</c>, and those of <see cref="LoadedModel.ReadWeights"/>.
    /// </summary>
    /// <param name="job">What to render; its range of filters is ignored.</param>
    /// <param name="filter">Index of the filter in the job's layer.</param>
    /// <param name="cancel">Checked before each step.</param>
    Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel);

    /// <summary>
    /// The mean activation of every filter of the layer for each image, <c>[image][filter]</c>, measured as
    /// <see cref="PatternFigures.Activation"/> is. Seed and method of the job do not matter. Blocks; thread safe.
    /// Problem codes as of <see cref="RenderAsync"/>.
    /// </summary>
    /// <param name="job">Gives the layer, the direction and the objective.</param>
    /// <param name="images">Images of any size that the network up to the layer accepts.</param>
    /// <param name="cancel">Checked between images.</param>
    Outcome<IReadOnlyList<float[]>> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel);
}
