using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>
/// From a job to finished figures: tiles are cached or rendered, grids are composed. Thread safe.
/// </summary>
public sealed class PatternPipeline : IDisposable
{
    private const long MaxBytes = 32 << 20;

    private readonly PatternTileCache _tiles;
    private readonly CoalescingCache<string, RenderedPatterns> _finished;

    public PatternPipeline(PatternTileCache tiles, ILogger<PatternPipeline>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        _tiles = tiles;
        _finished = new(
            new("finished patterns") { MaxBytes = MaxBytes },
            image => image.Figures.Sum(figures => 3L * figures.Size * figures.Size),
            logger);
    }

    /// <summary>The job on the device that is to draw it, or has drawn it; ask for its tag and its image after this.</summary>
    public PatternJob Place(PatternJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.On(_tiles.ChoosesGpu([job]));
    }

    /// <summary>The pattern of one filter, or a labelled grid of several. Takes seconds if it is not cached. Problem codes: those of
    /// <see cref="IPatternRenderer.RenderAsync"/>.</summary>
    /// <param name="job">What to render.</param>
    /// <param name="cancel">Ends the wait; the rendering stops once nobody waits for it.</param>
    public async Task<Outcome<RenderedPatterns>> GetOrRenderAsync(PatternJob job, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        return await _finished.GetOrComputeAsync(
            job.ETag,
            abandoned => _tiles.GetOrRenderAsync(job, abandoned).MapAsync(tiles => PatternImage.Render(job, tiles)),
            cancel);
    }

    /// <summary>The same image if no filter has to be rendered for it, else null.</summary>
    public RenderedPatterns? Find(PatternJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return _finished.TryGet(job.ETag, out var known)
            ? RenderMetrics.Measure(job.Kind, () => (known, RenderOutcome.Hit))
            : _tiles.Find(job) is { } tiles
                ? RenderMetrics.Measure(job.Kind, () => (PatternImage.Render(job, tiles), RenderOutcome.Hit))
                : null;
    }

    public void Dispose() => _finished.Dispose();
}
