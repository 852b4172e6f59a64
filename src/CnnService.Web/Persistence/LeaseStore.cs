using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace CnnService.Web.Persistence;

/// <summary>
/// Claims rows for workers; renews and ends their leases. Each change is a single conditional update, so that of two concurrent ones
/// exactly one succeeds.
/// </summary>
/// <param name="store">Opens contexts.</param>
/// <param name="clock">Used if the database has no clock of its own.</param>
/// <param name="tell">Called within each transaction that changes a state, to record an event; null if none is recorded.</param>
internal sealed class LeaseStore<T>(
    Store store, TimeProvider clock, Func<StoreContext, string, WorkState, CancellationToken, Task>? tell = null)
    where T : LeasedRow
{
    /// <summary>
    /// Longest pause before work is retried. A later time comes from a clock that was set back since, and is not waited for.
    /// </summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Rows that a worker may claim: queued and not to be waited for, or running with an expired lease.</summary>
    public Task<List<WaitingWork>> ClaimableAsync(CancellationToken cancel) => store.UseAsync(async context =>
    {
        if (!await context.Set<T>().AnyAsync(row => row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running, cancel))
        {
            return []; // As a rule: the clock need not be asked.
        }

        var key = context.KeyOf<T>();
        return await Claimable(context.Set<T>(), await StoreClock.NowAsync(context, clock, cancel))
            .OrderBy(row => EF.Property<string>(row, key))
            .Select(row => new WaitingWork(EF.Property<string>(row, key), row.Work.Fence, row.Work.Requires)).ToListAsync(cancel);
    });

    /// <summary>The row if a worker may claim it now, and has what it requires; else null.</summary>
    public Task<WaitingWork?> FindClaimableAsync(string id, CancellationToken cancel) => store.UseAsync(async context =>
        await Claimable(Claim<T>.Find(context, id), await StoreClock.NowAsync(context, clock, cancel))
            .Select(row => new WaitingWork(id, row.Work.Fence, row.Work.Requires)).FirstOrDefaultAsync(cancel));

    /// <summary>Claims a row and increments its fencing number; null if another worker was faster or there is nothing to do.</summary>
    /// <param name="id">The row's key.</param>
    /// <param name="owner">The worker.</param>
    /// <param name="lease">Duration of the claim.</param>
    /// <param name="cancel">Cancels the update.</param>
    public Task<Claim<T>?> ClaimAsync(string id, string owner, TimeSpan lease, CancellationToken cancel) => store.UseAsync(async context =>
    {
        var now = await StoreClock.NowAsync(context, clock, cancel);
        T? claimed = null;
        await RunChange.ApplyAsync(
            context,
            () => Claimable(Claim<T>.Find(context, id), now).ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Work.State, WorkState.Running)
                    .SetProperty(row => row.Work.Owner, owner)
                    .SetProperty(row => row.Work.Fence, row => row.Work.Fence + 1)
                    .SetProperty(row => row.Work.Tries, row => row.Work.Tries + 1)
                    .SetProperty(row => row.Work.TriesWithoutProgress, row => row.Work.TriesWithoutProgress + 1)
                    .SetProperty(row => row.Work.LeaseUntil, now + lease)
                    .SetProperty(row => row.Work.StartedAt, row => row.Work.StartedAt ?? now),
                cancel),
            async () =>
            {
                claimed = await Claim<T>.Find(context, id).AsNoTracking().SingleAsync(cancel);
                await TellAsync(context, id, WorkState.Running, cancel);
            },
            cancel);
        return claimed is null ? null : new Claim<T>(id, claimed, lease);
    });

    /// <summary>Extends the lease; false if it is lost.</summary>
    public Task<bool> RenewAsync(Claim<T> claim, CancellationToken cancel) => store.UseAsync(async context =>
    {
        var until = await StoreClock.NowAsync(context, clock, cancel) + claim.Lease;
        return await claim.Mine(context).ExecuteUpdateAsync(set => set.SetProperty(row => row.Work.LeaseUntil, until), cancel) > 0;
    });

    /// <summary>State and counters of a row that this worker holds; null if the lease is lost.</summary>
    public Task<LeasedWork?> FindAsync(Claim<T> claim, CancellationToken cancel) => store.UseAsync(async context =>
        (await claim.Mine(context).AsNoTracking().FirstOrDefaultAsync(cancel))?.Work);

    /// <summary>Whether this worker still holds the row, and whether it was requested to stop.</summary>
    public Task<LeaseStanding> GetStandingAsync(Claim<T> claim, CancellationToken cancel) => store.UseAsync(async context =>
        await claim.Mine(context).Select(row => (bool?)row.Work.CancelRequested).FirstOrDefaultAsync(cancel) switch
        {
            null => LeaseStanding.Lost,
            true => LeaseStanding.CancelRequested,
            false => LeaseStanding.Held,
        });

    /// <summary>Updates the row without changing its state; false if the lease is lost.</summary>
    public async Task<bool> WriteAsync(Claim<T> claim, Action<UpdateSettersBuilder<T>> set, CancellationToken cancel) =>
        await store.UseAsync(context => claim.Mine(context).ExecuteUpdateAsync(set, cancel)) > 0;

    /// <summary>Updates the row and related rows in one transaction; false, without any change, if the lease is lost.</summary>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="set">Updates the row, which also locks it.</param>
    /// <param name="also">Runs within the transaction; may be called again after a lost connection.</param>
    /// <param name="cancel">Cancels and rolls back.</param>
    public Task<bool> WriteAsync(
        Claim<T> claim, Action<UpdateSettersBuilder<T>> set, Func<StoreContext, Task> also, CancellationToken cancel) =>
        store.UseAsync(context => RunChange.ApplyAsync(
            context, () => claim.Mine(context).ExecuteUpdateAsync(set, cancel), () => also(context), cancel));

    /// <summary>Returns the row to the queue; false if the lease is lost.</summary>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="blameless">True if the attempt does not count: at a shutdown, or if the database was away; false after a crash.</param>
    /// <param name="pause">Time during which nobody may claim it; up to <see cref="LongestPause"/>.</param>
    /// <param name="cancel">Cancels the update.</param>
    public Task<bool> ReleaseAsync(Claim<T> claim, bool blameless, TimeSpan pause, CancellationToken cancel) =>
        store.UseAsync(async context =>
    {
        var until = pause > TimeSpan.Zero ? await StoreClock.NowAsync(context, clock, cancel) + pause : DateTimeOffset.UnixEpoch;
        var uncounted = blameless ? 1 : 0;
        return await RunChange.ApplyAsync(
            context,
            () => claim.Mine(context).ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Work.State, WorkState.Queued)
                    .SetProperty(row => row.Work.Tries, row => row.Work.Tries > 0 ? row.Work.Tries - uncounted : 0)
                    .SetProperty(
                        row => row.Work.TriesWithoutProgress,
                        row => row.Work.TriesWithoutProgress > 0 ? row.Work.TriesWithoutProgress - uncounted : 0)
                    .SetProperty(row => row.Work.LeaseUntil, until),
                cancel),
            () => TellAsync(context, claim.Id, WorkState.Queued, cancel),
            cancel);
    });

    /// <summary>Ends the work successfully; false, without publishing, if the lease is lost.</summary>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="publish">Publishes the result within the transaction, while the row is locked; may be called again.</param>
    /// <param name="cancel">Cancels and rolls back.</param>
    public Task<bool> SucceedAsync(Claim<T> claim, Func<StoreContext, Task> publish, CancellationToken cancel) =>
        EndAsync(claim, WorkState.Succeeded, set => set.SetProperty(row => row.Work.Failure, (string?)null), publish, cancel);

    /// <summary>Ends the work with a problem; false if the lease is lost.</summary>
    public Task<bool> FailAsync(Claim<T> claim, Problem problem, CancellationToken cancel)
    {
        var failure = StoredFailure.Json(problem);
        return EndAsync(claim, WorkState.Failed, set => set.SetProperty(row => row.Work.Failure, failure), _ => Task.CompletedTask, cancel);
    }

    /// <summary>Ends the work as cancelled; false if the lease is lost.</summary>
    public Task<bool> CancelledAsync(Claim<T> claim, CancellationToken cancel) =>
        EndAsync(claim, WorkState.Cancelled, _ => { }, _ => Task.CompletedTask, cancel);

    /// <summary>Whether the row exists.</summary>
    public Task<bool> ExistsAsync(string id, CancellationToken cancel) =>
        store.UseAsync(context => Claim<T>.Find(context, id).AnyAsync(cancel));

    /// <summary>
    /// Requests the work to stop: queued work is cancelled immediately, running work by its worker. Has no effect on work that has ended.
    /// </summary>
    public Task CancelAsync(string id, CancellationToken cancel) => store.UseAsync(async context =>
    {
        await RunChange.ApplyAsync(
            context,
            () => Claim<T>.Find(context, id).Where(row => row.Work.State == WorkState.Queued).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Work.State, WorkState.Cancelled)
                    .SetProperty(row => row.Work.FinishedAt, clock.GetUtcNow()), cancel),
            () => TellAsync(context, id, WorkState.Cancelled, cancel),
            cancel);
        await Claim<T>.Find(context, id).Where(row => row.Work.State == WorkState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Work.CancelRequested, true), cancel);
    });

    /// <summary>Queues failed or cancelled work again with fresh attempt counters; false if it is in another state.</summary>
    public Task<bool> ResumeAsync(string id, CancellationToken cancel) => store.UseAsync(context => RunChange.ApplyAsync(
        context,
        () => Claim<T>.Find(context, id).Where(row => row.Work.State == WorkState.Failed || row.Work.State == WorkState.Cancelled)
            .ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Work.State, WorkState.Queued)
                .SetProperty(row => row.Work.Tries, 0)
                .SetProperty(row => row.Work.TriesWithoutProgress, 0)
                .SetProperty(row => row.Work.LeaseUntil, DateTimeOffset.UnixEpoch)
                .SetProperty(row => row.Work.CancelRequested, false)
                .SetProperty(row => row.Work.Failure, (string?)null)
                .SetProperty(row => row.Work.FinishedAt, (DateTimeOffset?)null),
            cancel),
        () => TellAsync(context, id, WorkState.Queued, cancel),
        cancel));

    /// <summary>Ends all leases, for a start at which the lock on the data directory proves that no owner is alive.</summary>
    public Task RecoverAsync(CancellationToken cancel) =>
        store.UseAsync(context => context.Set<T>().Where(row => row.Work.State == WorkState.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Work.LeaseUntil, DateTimeOffset.UnixEpoch), cancel));

    private Task<bool> EndAsync(
        Claim<T> claim, WorkState state, Action<UpdateSettersBuilder<T>> also, Func<StoreContext, Task> publish,
        CancellationToken cancel) => WriteAsync(
        claim,
        set =>
        {
            set.SetProperty(row => row.Work.State, state).SetProperty(row => row.Work.FinishedAt, clock.GetUtcNow());
            also(set);
        },
        async context =>
        {
            await publish(context);
            await TellAsync(context, claim.Id, state, cancel);
        },
        cancel);

    private Task TellAsync(StoreContext context, string id, WorkState state, CancellationToken cancel) =>
        tell?.Invoke(context, id, state, cancel) ?? Task.CompletedTask;

    private static IQueryable<T> Claimable(IQueryable<T> rows, DateTimeOffset now)
    {
        var latest = now + LongestPause;
        return rows.Where(row =>
            (row.Work.State == WorkState.Queued && (row.Work.LeaseUntil <= now || row.Work.LeaseUntil > latest))
            || (row.Work.State == WorkState.Running && row.Work.LeaseUntil < now));
    }
}
