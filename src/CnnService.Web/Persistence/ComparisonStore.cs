using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores comparisons.</summary>
internal sealed class ComparisonStore(Store store, TimeProvider clock)
{
    /// <summary>Adds a comparison, unless too many are in progress. Problem: <c>compare.too-many</c>.</summary>
    public Task<Outcome<ComparisonRow>> AddAsync(ComparisonRow row, int maxRunning, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<ComparisonRow>>(async context =>
    {
        if (await context.Comparisons.CountAsync(other => other.Work.State == WorkState.Queued || other.Work.State == WorkState.Running,
            cancel) >= maxRunning)
        {
            return new Problem(ProblemKind.Unavailable, "compare.too-many",
                $"At most {maxRunning} comparisons may be in progress at a time; try again when one has ended.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        row.CreatedAt = clock.GetUtcNow();
        context.Comparisons.Add(row);
        await context.SaveChangesAsync(cancel);
        return row;
    });

    public Task<ComparisonRow?> FindAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Comparisons.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel));

    /// <summary>The newest comparisons, or those older than <paramref name="after"/>.</summary>
    public Task<List<ComparisonRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Comparisons.AsNoTracking()
        .Where(row => after == null || row.Id.CompareTo(after) < 0).OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancel));

    /// <summary>Deletes a comparison; a running one stops. False if there is none.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancel = default) => store.UseAsync(async context =>
        await context.Comparisons.Where(row => row.Id == id).ExecuteDeleteAsync(cancel) > 0);

    /// <summary>Marks all images as compared, within the transaction that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, string? files, CancellationToken cancel) =>
        context.Comparisons.Where(row => row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Total).SetProperty(row => row.Files, files), cancel);

    public static Problem NotFound(string id) => Problem.NotFound("comparison.not-found", $"There is no comparison '{id}'.");
}
