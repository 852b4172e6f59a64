using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores the capture settings of models, the captured images, and the counts of predictions.</summary>
internal sealed class CaptureStore(Store store, TimeProvider clock)
{
    private const int BatchSize = 16;

    public Task<List<CaptureRow>> AllAsync(CancellationToken cancel = default) =>
        store.UseAsync(context => context.Captures.AsNoTracking().ToListAsync(cancel));

    public Task<CaptureRow?> FindAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Captures.AsNoTracking().FirstOrDefaultAsync(row => row.Model == model, cancel));

    /// <summary>Starts capture or changes its settings; captured images are kept.</summary>
    public Task SetAsync(CaptureRow capture, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        var known = await context.Captures.FirstOrDefaultAsync(row => row.Model == capture.Model, cancel);
        capture.Since = known?.Since ?? clock.GetUtcNow();
        if (known is null)
        {
            context.Captures.Add(capture);
        }
        else
        {
            (known.Share, known.MaxImages, known.MaxBytes) = (capture.Share, capture.MaxImages, capture.MaxBytes);
        }

        await context.SaveChangesAsync(cancel);
    });

    /// <summary>Stops capture; captured images are kept. False if it was not active.</summary>
    public Task<bool> EndAsync(string model, CancellationToken cancel = default) => store.UseAsync(async context =>
        await context.Captures.Where(row => row.Model == model).ExecuteDeleteAsync(cancel) > 0);

    /// <summary>Adds an image; false if it was captured before.</summary>
    public Task<bool> AddAsync(CapturedRow image, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        // Checked first: clients may send one image very often, and a rejected insertion is costly and logged.
        if (await context.Captured.AnyAsync(row => row.Model == image.Model && row.Id == image.Id, cancel))
        {
            return false;
        }

        context.Captured.Add(image);
        try
        {
            await context.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            return false;
        }
    });

    /// <summary>Deletes the oldest images until the rest are within the limits. Returns the ids of the deleted ones.</summary>
    public Task<List<string>> TrimAsync(string model, int maxImages, long maxBytes, CancellationToken cancel = default) =>
        store.UseAsync(async context =>
    {
        var kept = context.Captured.Where(row => row.Model == model);
        var count = await kept.CountAsync(cancel);
        var bytes = await kept.SumAsync(row => row.Bytes, cancel);
        List<string> gone = [];
        while (count > maxImages || bytes > maxBytes)
        {
            var oldest = await kept.OrderBy(row => row.CapturedAt).ThenBy(row => row.Id).Take(BatchSize).ToListAsync(cancel);
            foreach (var row in oldest.TakeWhile(_ => count > maxImages || bytes > maxBytes))
            {
                (count, bytes) = (count - 1, bytes - row.Bytes);
                gone.Add(row.Id);
                context.Captured.Remove(row);
            }

            await context.SaveChangesAsync(cancel);
        }

        return gone;
    });

    public Task<CapturedRow?> ImageAsync(string model, string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Captured.AsNoTracking().FirstOrDefaultAsync(row => row.Model == model && row.Id == id, cancel));

    /// <summary>Captured images, the newest or the most uncertain first.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="label">Predicted class; null: all classes.</param>
    /// <param name="byUncertainty">Orders by uncertainty instead of time.</param>
    /// <param name="limit">Maximum number of images.</param>
    /// <param name="after">The last image of the previous page.</param>
    public Task<List<CapturedRow>> ImagesAsync(
        string model, string? label, bool byUncertainty, int limit, CapturedRow? after, CancellationToken cancel = default) =>
        store.UseAsync(context =>
    {
        var kept = context.Captured.AsNoTracking().Where(row => row.Model == model && (label == null || row.Label == label));
        if (byUncertainty)
        {
            var (uncertainty, id) = (after?.Uncertainty ?? double.MaxValue, after?.Id ?? string.Empty);
            return kept.Where(row => row.Uncertainty < uncertainty || (row.Uncertainty == uncertainty && row.Id.CompareTo(id) > 0))
                .OrderByDescending(row => row.Uncertainty).ThenBy(row => row.Id).Take(limit).ToListAsync(cancel);
        }

        var (time, last) = (after?.CapturedAt ?? DateTimeOffset.MaxValue, after?.Id ?? string.Empty);
        return kept.Where(row => row.CapturedAt < time || (row.CapturedAt == time && row.Id.CompareTo(last) > 0))
            .OrderByDescending(row => row.CapturedAt).ThenBy(row => row.Id).Take(limit).ToListAsync(cancel);
    });

    /// <summary>Deletes an image, or all of a model if the id is null. Returns the ids of the deleted ones.</summary>
    public Task<List<string>> RemoveAsync(string model, string? id, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        var rows = await context.Captured.Where(row => row.Model == model && (id == null || row.Id == id)).ToListAsync(cancel);
        context.Captured.RemoveRange(rows);
        await context.SaveChangesAsync(cancel);
        return rows.ConvertAll(row => row.Id);
    });

    /// <summary>Stores where an image was added under its true class.</summary>
    public Task LabelAsync(string model, string id, string labelled, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Captured
        .Where(row => row.Model == model && row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Labelled, labelled), cancel));

    /// <summary>Adds predictions and dropped images counted since the last call.</summary>
    public Task CountAsync(string model, long dropped, IReadOnlyList<ServedCountRow> counts, CancellationToken cancel = default) =>
        store.UseAsync(context => RunChange.ApplyAsync(
        context,
        () => context.Captures.Where(row => row.Model == model)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Dropped, row => row.Dropped + dropped), cancel),
        async () =>
        {
            foreach (var count in counts)
            {
                var hour = count.Hour.ToUnixTimeMilliseconds();
                await context.Database.ExecuteSqlAsync(
                    $"""
                    insert into served_counts (model, version, hour, label, tenth, count)
                    values ({model}, {count.Version}, {hour}, {count.Label}, {count.Tenth}, {count.Count})
                    on conflict (model, version, hour, label, tenth) do update set count = served_counts.count + excluded.count
                    """, cancel);
            }
        }, cancel));

    /// <summary>Predictions of a version by hour, class and tenth of confidence; from inclusive, to exclusive.</summary>
    public Task<List<ServedCountRow>> CountsAsync(
        string model, int version, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ServedCounts.AsNoTracking()
        .Where(row => row.Model == model && row.Version == version && row.Hour >= from && row.Hour < to).ToListAsync(cancel));

    /// <summary>The version with the most predictions in a time window; null if there are none.</summary>
    public Task<int?> BusiestAsync(string model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ServedCounts
        .Where(row => row.Model == model && row.Hour >= from && row.Hour < to).GroupBy(row => row.Version)
        .OrderByDescending(same => same.Sum(row => row.Count)).ThenByDescending(same => same.Key).Select(same => (int?)same.Key)
        .FirstOrDefaultAsync(cancel));

    /// <summary>Deletes the counts of hours before a time.</summary>
    public Task ForgetCountsAsync(DateTimeOffset before, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ServedCounts.Where(row => row.Hour < before).ExecuteDeleteAsync(cancel));

    /// <summary>Deletes everything stored for a deleted model.</summary>
    public Task ForgetAsync(string model, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        await context.Captures.Where(row => row.Model == model).ExecuteDeleteAsync(cancel);
        await context.Captured.Where(row => row.Model == model).ExecuteDeleteAsync(cancel);
        await context.ServedCounts.Where(row => row.Model == model).ExecuteDeleteAsync(cancel);
    });
}
