using CnnService.Core.Common;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation;

/// <summary>
/// The tiles of patterns: from the cache, or from the renderer, each drawn once however many ask for it at the same time. Thread safe.
/// </summary>
public sealed class PatternTileCache : IDisposable
{
    private readonly IPatternRenderer _renderer;
    private readonly IImageCache _cache;

    /// <summary>Keeps nothing: the image cache does.</summary>
    private readonly CoalescingCache<string, IReadOnlyList<PatternTile>> _running;

    /// <param name="renderer">Draws; bounds how much is drawn at a time.</param>
    /// <param name="cache">Keeps.</param>
    /// <param name="logger">Hears of failures that no caller waits for; null: nobody does.</param>
    public PatternTileCache(IPatternRenderer renderer, IImageCache cache, ILogger<PatternTileCache>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentNullException.ThrowIfNull(cache);
        (_renderer, _cache) = (renderer, cache);
        _running = new(new("pattern tiles") { MaxBytes = 0 }, _ => 1, logger);
    }

    /// <summary>Changes whenever the renderer gives another image for the same job: part of every job's key.</summary>
    internal string Revision => _renderer.Revision;

    /// <summary>So many jobs at a time keep the renderer busy; more would keep other callers out.</summary>
    internal int MaxConcurrency => _renderer.MaxConcurrency;

    /// <summary>One a filter of the job, or its variants, in that order. Takes seconds where they are not kept yet.</summary>
    /// <param name="job">What to draw.</param>
    /// <param name="cancel">Ends the waiting; a drawing ends when nobody waits for it.</param>
    internal Task<IReadOnlyList<PatternTile>> GetOrRenderAsync(PatternJob job, CancellationToken cancel) =>
        RenderMetrics.WatchAsync(job.Kind, async () =>
        {
            IReadOnlyList<PatternTile>?[] tiles = [.. job.Range.Filters.Select(filter => Recall(job, filter))];
            var missing = Enumerable.Range(0, tiles.Length).Where(place => tiles[place] is null).ToList();
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency, CancellationToken = cancel },
                async (place, ended) => tiles[place] = await RenderAsync(job, job.Range.First + place, ended));
            return ((IReadOnlyList<PatternTile>)[.. tiles.SelectMany(variants => variants!)],
                missing.Count == 0 ? RenderOutcome.Hit : RenderOutcome.Drawn);
        });

    public void Dispose() => _running.Dispose();

    private async Task<IReadOnlyList<PatternTile>> RenderAsync(PatternJob job, int filter, CancellationToken cancel) =>
        (await _running.GetOrComputeAsync(
            job.WorkKey(filter),
            // Drawn meanwhile?
            async abandoned => Outcome.Success(Recall(job, filter) ?? Keep(job, await _renderer.RenderAsync(job, filter, abandoned))),
            cancel)).Value;

    /// <summary>All variants of a filter; null where the cache lacks any.</summary>
    private PatternTile[]? Recall(PatternJob job, int filter)
    {
        var tiles = new PatternTile[job.Request.Diversity];
        for (var variant = 0; variant < tiles.Length; variant++)
        {
            if (!_cache.TryGet(job.TileKey(filter, variant), out var bytes) || TileRecord.Read(bytes) is not { } tile
                || (tile.Filter, tile.Variant) != (filter, variant))
            {
                return null;
            }

            tiles[variant] = tile;
        }

        return tiles;
    }

    private IReadOnlyList<PatternTile> Keep(PatternJob job, IReadOnlyList<PatternTile> drawn)
    {
        foreach (var tile in drawn)
        {
            _cache.Put(job.TileKey(tile.Filter, tile.Variant), TileRecord.Write(tile, job.Request.Seed));
        }

        return drawn;
    }
}
