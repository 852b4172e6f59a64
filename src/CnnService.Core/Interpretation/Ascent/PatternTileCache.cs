using System.Collections.Concurrent;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// Tiles of patterns from the cache or from the renderer; concurrent requests for the same tile share one rendering. Thread safe.
/// </summary>
public sealed class PatternTileCache : IDisposable
{
    private readonly IPatternRenderer _renderer;
    private readonly IImageCache _cache;
    private readonly IDrawingDevice? _device;

    /// <summary>The work keys of what is being drawn.</summary>
    private readonly ConcurrentDictionary<string, byte> _drawn = new(StringComparer.Ordinal);

    /// <summary>Joins concurrent requests; keeps nothing, since the image cache does.</summary>
    private readonly CoalescingCache<string, IReadOnlyList<PatternTile>> _running;

    /// <param name="renderer">Renders tiles; bounds its own concurrency.</param>
    /// <param name="cache">Stores rendered tiles.</param>
    /// <param name="logger">Logs failures that no caller awaits; null for no logging.</param>
    /// <param name="device">Decides where new tiles are drawn; null: on the processor.</param>
    public PatternTileCache(
        IPatternRenderer renderer, IImageCache cache, ILogger<PatternTileCache>? logger = null, IDrawingDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentNullException.ThrowIfNull(cache);
        (_renderer, _cache, _device) = (renderer, cache, device);
        _running = new(new("pattern tiles") { MaxBytes = 0 }, _ => 1, logger);
    }

    /// <summary>Number of jobs that keep the renderer busy; more would keep other callers waiting.</summary>
    internal int MaxConcurrency => _renderer.MaxConcurrency;

    /// <summary>
    /// Whether jobs are to be drawn on the GPU, all on one device: where all their tiles are cached or one is being drawn, else where
    /// drawing is to be done now. So the same request keeps its bytes as long as they are cached, and is not drawn twice.
    /// </summary>
    internal bool ChoosesGpu(IReadOnlyList<PatternJob> jobs)
    {
        if (_device is not { HasGpu: true })
        {
            return false;
        }

        var now = _device.IsGpuFree;
        bool IsKnown(bool gpu) => jobs.All(job => IsCached(job.On(gpu))) || jobs.Any(job => IsBeingDrawn(job.On(gpu)));
        return !IsKnown(now) && IsKnown(!now) ? !now : now;
    }

    /// <summary>One tile a filter of the job, or its variants, in that order. Takes seconds if they are not cached. Problem
    /// codes: those of <see cref="IPatternRenderer.RenderAsync"/>.</summary>
    /// <param name="job">What to render.</param>
    /// <param name="cancel">Ends the wait; a rendering stops once nobody waits for it.</param>
    internal Task<Outcome<IReadOnlyList<PatternTile>>> GetOrRenderAsync(PatternJob job, CancellationToken cancel) =>
        RenderMetrics.MeasureAsync(job.Kind, async () =>
        {
            Outcome<IReadOnlyList<PatternTile>>?[] tiles = [.. job.Range.Filters.Select(filter => Cached(job, filter))];
            var missing = Enumerable.Range(0, tiles.Length).Where(place => tiles[place] is null).ToList();
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancel },
                async (place, ended) => tiles[place] = await RenderAsync(job, job.Range.First + place, ended));
            var all = Outcome.All(tiles.Select(variants => variants!))
                .Map<IReadOnlyList<PatternTile>>(filters => [.. filters.SelectMany(variants => variants)]);
            return (all, missing.Count == 0 ? RenderOutcome.Hit : all.Succeeded ? RenderOutcome.Drawn : RenderOutcome.Failed);
        });

    /// <summary>The same tiles if all of them are cached, else null.</summary>
    internal IReadOnlyList<PatternTile>? Find(PatternJob job)
    {
        var tiles = new List<PatternTile>();
        foreach (var filter in job.Range.Filters)
        {
            if (FindCached(job, filter) is not { } variants)
            {
                return null;
            }

            tiles.AddRange(variants);
        }

        return tiles;
    }

    public void Dispose() => _running.Dispose();

    private Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel) =>
        _running.GetOrComputeAsync(
            job.WorkKey(filter),
            // Another caller may have rendered the tile since the first look-up.
            async abandoned => Cached(job, filter) ?? await DrawAsync(job, filter, abandoned),
            cancel);

    private async Task<Outcome<IReadOnlyList<PatternTile>>> DrawAsync(PatternJob job, int filter, CancellationToken abandoned)
    {
        var key = job.WorkKey(filter);
        _drawn.TryAdd(key, 0);
        try
        {
            var drawn = await _renderer.RenderAsync(job, filter, abandoned);
            _device?.Heed(drawn.Problem);
            return drawn.Map(tiles => Store(job, tiles));
        }
        finally
        {
            _drawn.TryRemove(key, out _);
        }
    }

    private bool IsBeingDrawn(PatternJob job) => job.Range.Filters.Any(filter => _drawn.ContainsKey(job.WorkKey(filter)));

    private bool IsCached(PatternJob job) => job.Range.Filters.All(filter =>
        Enumerable.Range(0, job.Request.Diversity).All(variant => _cache.TryGet(job.TileKey(filter, variant), out _)));

    private Outcome<IReadOnlyList<PatternTile>>? Cached(PatternJob job, int filter) =>
        FindCached(job, filter) is { } tiles ? Outcome.Success<IReadOnlyList<PatternTile>>(tiles) : null;

    /// <summary>All variants of a filter; null if the cache lacks any.</summary>
    private PatternTile[]? FindCached(PatternJob job, int filter)
    {
        var tiles = new PatternTile[job.Request.Diversity];
        for (var variant = 0; variant < tiles.Length; variant++)
        {
            if (!_cache.TryGet(job.TileKey(filter, variant), out var bytes) || TileRecord.Read(bytes, job.Settings) is not { } tile
                || (tile.Figures.Filter, tile.Figures.Variant) != (filter, variant))
            {
                return null;
            }

            tiles[variant] = tile;
        }

        return tiles;
    }

    private IReadOnlyList<PatternTile> Store(PatternJob job, IReadOnlyList<PatternTile> drawn)
    {
        foreach (var tile in drawn)
        {
            _cache.Put(job.TileKey(tile.Figures.Filter, tile.Figures.Variant), TileRecord.Write(tile));
        }

        return drawn;
    }
}
