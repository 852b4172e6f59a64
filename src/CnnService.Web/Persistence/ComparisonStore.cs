using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of comparisons.</summary>
internal sealed class ComparisonStore(Store store, TimeProvider clock)
{
    /// <summary>Adds a comparison, unless too many are under way. Problem code: <c>compare.too-many</c>.</summary>
    public Task<Outcome<ComparisonRow>> AddAsync(ComparisonRow row, int mostRunning) => store.UseAsync<Outcome<ComparisonRow>>(async context =>
    {
        if (await context.Comparisons.CountAsync(other => other.State == ComparisonState.Running) >= mostRunning)
        {
            return new Problem(ProblemKind.Unavailable, "compare.too-many", $"{mostRunning} comparisons are under way already.") { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        row.CreatedAt = clock.GetUtcNow();
        context.Comparisons.Add(row);
        await context.SaveChangesAsync();
        return row;
    });

    public Task<ComparisonRow?> FindAsync(string id) =>
        store.UseAsync(context => context.Comparisons.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id));

    /// <summary>The newest comparisons, older than <paramref name="after"/> where one is named.</summary>
    public Task<List<ComparisonRow>> ListAsync(int limit, string? after) => store.UseAsync(context => context.Comparisons.AsNoTracking()
        .Where(row => after == null || row.Id.CompareTo(after) < 0).OrderByDescending(row => row.Id).Take(limit).ToListAsync());

    /// <summary>Takes a comparison away; one that is at work stops. False where there is none.</summary>
    public Task<bool> DeleteAsync(string id) => store.UseAsync(async context =>
        await context.Comparisons.Where(row => row.Id == id).ExecuteDeleteAsync() > 0);

    /// <summary>Comparisons that nobody works on.</summary>
    public Task<List<WaitingWork>> ClaimableAsync() => store.UseAsync(async context =>
        await Claimable(context, await StoreClock.NowAsync(context, clock))
            .OrderBy(row => row.Id).Select(row => new WaitingWork(row.Id, row.Attempt)).ToListAsync());

    /// <summary>Ends all leases: for a start that has proved, by the lock on the data directory, that no owner is alive.</summary>
    public Task ReleaseAllAsync() => store.UseAsync(context => context.Comparisons.Where(row => row.State == ComparisonState.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)));

    /// <summary>Takes a comparison to carry out, by one conditional update; null where another was faster or nothing is to be done.</summary>
    public Task<ComparisonClaim?> ClaimAsync(string id, string owner, TimeSpan lease) => store.UseAsync(async context =>
    {
        var now = await StoreClock.NowAsync(context, clock);
        var claimed = await Claimable(context, now).Where(row => row.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Owner, owner)
            .SetProperty(row => row.Attempt, row => row.Attempt + 1)
            .SetProperty(row => row.Tries, row => row.Tries + 1)
            .SetProperty(row => row.Done, 0)
            .SetProperty(row => row.LeaseUntil, now + lease));
        var row = claimed == 0 ? null
            : await context.Comparisons.AsNoTracking().FirstOrDefaultAsync(mine => mine.Id == id && mine.Owner == owner);
        return row is null ? null : new ComparisonClaim(store, clock, row, lease);
    });

    public static Problem NotFound(string id) => Problem.NotFound("comparison.not-found", $"There is no comparison '{id}'.");

    private static IQueryable<ComparisonRow> Claimable(StoreContext context, DateTimeOffset now) =>
        context.Comparisons.Where(row => row.State == ComparisonState.Running && row.LeaseUntil < now);
}
