using CnnService.Core.Common;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation;

/// <summary>The tiles of patterns: from the cache, and the missing ones from the renderer, two renderings at once. Thread safe.</summary>
internal sealed class PatternTiles(IPatternRenderer renderer, IPictureCache cache, ILogger? logger) : IDisposable
{
    private const int AtOnce = 2;

    /// <summary>Keeps nothing: the picture cache does.</summary>
    private readonly CoalescingCache<string, IReadOnlyList<PatternTile>> _running = new(new("pattern tiles") { MaxBytes = 0 }, _ => 1, logger);
    private readonly SemaphoreSlim _slots = new(AtOnce, AtOnce);

    /// <summary>One a filter of the plan, or its variants, in that order.</summary>
    public async Task<IReadOnlyList<PatternTile>> GetAsync(PatternPlan plan, CancellationToken cancel) => (await _running.GetOrComputeAsync(
        plan.WorkKey,
        async abandoned => Outcome.Success(await RenderMetrics.WatchAsync(plan.Kind, () => DrawAsync(plan, abandoned))),
        cancel)).Value;

    public void Dispose()
    {
        _running.Dispose();
        _slots.Dispose();
    }

    private async Task<(IReadOnlyList<PatternTile> Tiles, RenderEnd End)> DrawAsync(PatternPlan plan, CancellationToken cancel)
    {
        var tiles = new Dictionary<(int Filter, int Variant), PatternTile>();
        if (Recall(plan, tiles) is [])
        {
            return (InOrder(plan, tiles), RenderEnd.Hit);
        }

        await _slots.WaitAsync(cancel);
        try
        {
            // Another request may have drawn some of them meanwhile.
            if (Recall(plan, tiles) is { Count: > 0 } missing)
            {
                await RenderAsync(plan, missing, tiles, cancel);
            }
        }
        finally
        {
            _slots.Release();
        }

        return (InOrder(plan, tiles), RenderEnd.Drawn);
    }

    /// <summary>Takes what the cache has; gives back the filters of which it lacks any.</summary>
    private List<int> Recall(PatternPlan plan, Dictionary<(int Filter, int Variant), PatternTile> tiles)
    {
        foreach (var key in Keys(plan).Where(key => !tiles.ContainsKey(key)))
        {
            if (cache.TryGet(plan.TileKey(key.Filter, key.Variant), out var bytes) && TileRecord.Read(bytes) is { } tile && (tile.Filter, tile.Variant) == key)
            {
                tiles[key] = tile;
            }
        }

        return [.. Keys(plan).Where(key => !tiles.ContainsKey(key)).Select(key => key.Filter).Distinct()];
    }

    private async Task RenderAsync(PatternPlan plan, List<int> missing, Dictionary<(int Filter, int Variant), PatternTile> tiles, CancellationToken cancel)
    {
        // Seconds of work: a thread of its own, so that the pool's are free for requests.
        var drawn = await Task.Factory.StartNew(
            () => renderer.Render(plan.Model, plan.Request, missing, cancel),
            cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        foreach (var tile in drawn)
        {
            tiles[(tile.Filter, tile.Variant)] = tile;
            cache.Put(plan.TileKey(tile.Filter, tile.Variant), TileRecord.Write(tile, plan.Request.Seed));
        }
    }

    private static PatternTile[] InOrder(PatternPlan plan, Dictionary<(int Filter, int Variant), PatternTile> tiles) =>
        [.. Keys(plan).Select(key => tiles[key])];

    private static IEnumerable<(int Filter, int Variant)> Keys(PatternPlan plan) =>
        from filter in plan.Range.Filters
        from variant in Enumerable.Range(0, plan.Request.Diversity)
        select (filter, variant);
}
