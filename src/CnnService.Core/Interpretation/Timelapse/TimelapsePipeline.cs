using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>
/// Timelapses of a network in training: the same pattern, class image or feature map at several snapshots of a run. All frames start
/// from the same noise, so that only the weights differ. Patterns share the cache of all others. Problem codes: those of rendering, and
/// <c>run.snapshots-changed</c>. Thread safe.
/// </summary>
/// <param name="tiles">Renders and caches patterns.</param>
/// <param name="maps">Reads feature maps of snapshots.</param>
/// <param name="logger">Logs failures that no caller awaits.</param>
public sealed class TimelapsePipeline(PatternTileCache tiles, ISnapshotMaps maps, ILogger<TimelapsePipeline>? logger = null) : IDisposable
{
    /// <summary>Joins concurrent requests; keeps nothing, since the tiles are cached.</summary>
    private readonly CoalescingCache<string, RenderedTimelapse> _rendered = new(new("timelapses") { MaxBytes = 0 }, _ => 1, logger);

    /// <summary>
    /// The plan on the device that is to draw its patterns, or has drawn them; ask for its tag and its frames after this. Feature maps are
    /// read on the processor.
    /// </summary>
    public TimelapsePlan Place(TimelapsePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Patterns.Count == 0 ? plan : plan.On(tiles.ChoosesGpu(plan.Patterns));
    }

    /// <summary>The timelapse. Takes seconds if its frames are not cached.</summary>
    /// <param name="plan">What to render.</param>
    /// <param name="cancel">Ends the wait; the rendering stops once nobody waits for it.</param>
    public Task<Outcome<RenderedTimelapse>> GetOrRenderAsync(TimelapsePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _rendered.GetOrComputeAsync(plan.ETag, abandoned => FramesAsync(plan, abandoned), cancel);
    }

    /// <summary>The same timelapse if no frame has to be rendered for it, else null; feature maps are not cached.</summary>
    public RenderedTimelapse? Find(TimelapsePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Maps.Count > 0)
        {
            return null;
        }

        var frames = new List<TimelapseFrame>();
        foreach (var (snapshot, job) in plan.Source.Snapshots.Zip(plan.Patterns))
        {
            if (tiles.Find(job) is not [var tile, ..])
            {
                return null;
            }

            frames.Add(Frame(plan, snapshot, tile));
        }

        return new RenderedTimelapse(plan.Source, plan.Subject, frames, plan.Side);
    }

    public void Dispose() => _rendered.Dispose();

    private async Task<Outcome<RenderedTimelapse>> FramesAsync(TimelapsePlan plan, CancellationToken cancel)
    {
        var frames = new Outcome<TimelapseFrame>[plan.Source.Snapshots.Count];
        await Parallel.ForAsync(0, frames.Length, new ParallelOptions
        {
            MaxDegreeOfParallelism = tiles.MaxConcurrency,
            CancellationToken = cancel,
        }, async (i, ended) =>
            frames[i] = plan.Maps.Count > 0 ? Map(plan, i, ended) : await PatternAsync(plan, i, ended));
        return Outcome.All(frames).Match<Outcome<RenderedTimelapse>>(
            all => new RenderedTimelapse(plan.Source, plan.Subject, all, plan.Side),
            problem => problem.Code == LoadedModel.WeightsMissing
                ? Problem.Conflict("run.snapshots-changed",
                    $"The run '{plan.Source.Run}' has meanwhile thinned out its snapshots or was deleted: ask again.")
                : problem);
    }

    private async Task<Outcome<TimelapseFrame>> PatternAsync(TimelapsePlan plan, int index, CancellationToken cancel) =>
        (await tiles.GetOrRenderAsync(plan.Patterns[index], cancel)).Map(tile => Frame(plan, plan.Source.Snapshots[index], tile[0]));

    private static TimelapseFrame Frame(TimelapsePlan plan, TimelapseSnapshot snapshot, PatternTile tile) =>
        new(tile.Image, TimelapseFigures.Compute(snapshot, tile.Figures));

    private Outcome<TimelapseFrame> Map(TimelapsePlan plan, int index, CancellationToken cancel) =>
        RenderMetrics.Measure(RenderMetrics.FeatureMap, () =>
        {
            var (snapshot, map) = (plan.Source.Snapshots[index], plan.Maps[index]);
            var frame = maps.Read(snapshot.Network, map.Layer, plan.Image!, cancel).Map(read => Frame(plan, snapshot, map, read));
            return (frame, frame.Succeeded ? RenderOutcome.Drawn : RenderOutcome.Failed);
        });

    private static TimelapseFrame Frame(TimelapsePlan plan, TimelapseSnapshot snapshot, TimelapseMap map, LayerActivations read)
    {
        var image = Colormap.Get(ColormapName.Viridis)
            .Apply(FeatureMapScaling.Apply(read, map.Filter, map.Scale), read.Width, read.Height);
        return new(image, TimelapseFigures.Compute(snapshot, read, map.Filter));
    }
}
