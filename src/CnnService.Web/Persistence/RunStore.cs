using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of training runs, as seen by those who do not work on them.</summary>
internal sealed class RunStore(Store store, TimeProvider clock)
{
    /// <summary>Queues a run unless too many wait already. The same id again is the same run: the answer to the first may have been lost.</summary>
    public Task<Outcome<RunRow>> AddAsync(RunRow run, int mostQueued) => store.UseAsync<Outcome<RunRow>>(async context =>
    {
        if (await context.Runs.CountAsync(other => other.State == RunState.Queued) >= mostQueued)
        {
            return new Problem(ProblemKind.Unavailable, "run.queue-full", $"{mostQueued} runs are waiting already.") { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        run.CreatedAt = clock.GetUtcNow();
        context.Runs.Add(run);
        context.RunEvents.Add(RunEvents.State(run.Id, 1, RunState.Queued));
        try
        {
            await context.SaveChangesAsync();
            return run;
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.Runs.AsNoTracking().SingleAsync(known => known.Id == run.Id);
        }
    });

    public Task<RunRow?> FindAsync(string id) =>
        store.UseAsync(context => context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id));

    /// <summary>The newest runs, older than the run <paramref name="after"/> where one is named.</summary>
    public Task<List<RunRow>> ListAsync(int limit, string? after) => store.UseAsync(context => context.Runs.AsNoTracking()
        .Where(run => after == null || run.Id.CompareTo(after) < 0)
        .OrderByDescending(run => run.Id).Take(limit).ToListAsync());

    public Task<List<EpochRow>> HistoryAsync(string id) => store.UseAsync(context => context.Epochs.AsNoTracking()
        .Where(epoch => epoch.RunId == id).OrderBy(epoch => epoch.Epoch).ToListAsync());

    /// <summary>The epochs of several runs, in their order.</summary>
    public Task<ILookup<string, EpochRow>> HistoriesAsync(IReadOnlyCollection<string> ids) => store.UseAsync(async context =>
        (await context.Epochs.AsNoTracking().Where(epoch => ids.Contains(epoch.RunId)).OrderBy(epoch => epoch.Epoch).ToListAsync())
            .ToLookup(epoch => epoch.RunId));

    public Task<List<RunEventRow>> EventsAsync(string id, int after, int limit) => store.UseAsync(context => context.RunEvents.AsNoTracking()
        .Where(row => row.RunId == id && row.Sequence > after).OrderBy(row => row.Sequence).Take(limit).ToListAsync());

    /// <summary>Runs that nobody works on: queued, or running under a lease that has run out.</summary>
    public Task<List<WaitingWork>> ClaimableAsync() => store.UseAsync(async context =>
        await Claimable(context, await NowAsync(context))
            .OrderBy(run => run.Id).Select(run => new WaitingWork(run.Id, run.Attempt)).ToListAsync());

    /// <summary>Ends all leases: for a start that has proved, by the lock on the data directory, that no owner is alive.</summary>
    public Task ReleaseAllAsync() => store.UseAsync(context => context.Runs.Where(run => run.State == RunState.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(run => run.LeaseUntil, DateTimeOffset.UnixEpoch)));

    /// <summary>
    /// Takes a run to work on: one conditional update that raises the attempt. Null where another was faster or the run is not
    /// to be worked on.
    /// </summary>
    public Task<RunClaim?> ClaimAsync(string id, string owner, TimeSpan lease) => store.UseAsync(async context =>
    {
        var now = await NowAsync(context);
        RunRow? row = null;
        await RunChange.ApplyAsync(
            context,
            () => Claimable(context, now).Where(run => run.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Running)
                .SetProperty(run => run.Owner, owner)
                .SetProperty(run => run.Attempt, run => run.Attempt + 1)
                .SetProperty(run => run.Tries, run => run.Tries + 1)
                .SetProperty(run => run.BarrenAttempts, run => run.BarrenAttempts + 1)
                .SetProperty(run => run.LeaseUntil, now + lease)
                .SetProperty(run => run.StartedAt, run => run.StartedAt ?? now)),
            async () =>
            {
                row = await context.Runs.AsNoTracking().SingleAsync(run => run.Id == id);
                await RunEvents.AppendStateAsync(context, id, RunState.Running);
            });
        return row is null ? null : new RunClaim(store, clock, row, lease);
    });

    /// <summary>Asks a run to stop; a queued one is over at once.</summary>
    public Task<Outcome<RunRow>> CancelAsync(string id) => store.UseAsync<Outcome<RunRow>>(async context =>
    {
        await RunChange.ApplyAsync(
            context,
            () => context.Runs.Where(run => run.Id == id && run.State == RunState.Queued).ExecuteUpdateAsync(set => set
                .SetProperty(run => run.State, RunState.Cancelled).SetProperty(run => run.FinishedAt, clock.GetUtcNow())),
            () => RunEvents.AppendStateAsync(context, id, RunState.Cancelled));
        await context.Runs.Where(run => run.Id == id && run.State == RunState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.CancelRequested, true));
        var row = await context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id);
        return row switch
        {
            null => NotFound(id),
            { State: RunState.Succeeded or RunState.Failed } => Problem.Conflict("run.finished", $"The run '{id}' has {row.State.ToWireName()} already."),
            _ => row,
        };
    });

    /// <summary>Queues a failed or cancelled run again; it goes on from its last checkpoint, with all its tries before it.</summary>
    public Task<Outcome<RunRow>> ResumeAsync(string id) => store.UseAsync<Outcome<RunRow>>(async context =>
    {
        var queued = await RunChange.ApplyAsync(
            context,
            () => context.Runs.Where(run => run.Id == id && (run.State == RunState.Failed || run.State == RunState.Cancelled))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(run => run.State, RunState.Queued)
                    .SetProperty(run => run.BarrenAttempts, 0)
                    .SetProperty(run => run.Tries, 0)
                    .SetProperty(run => run.CancelRequested, false)
                    .SetProperty(run => run.Failure, (string?)null)
                    .SetProperty(run => run.FinishedAt, (DateTimeOffset?)null)),
            () => RunEvents.AppendStateAsync(context, id, RunState.Queued));
        var row = await context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id);
        return row is null ? NotFound(id)
            : queued ? row
            : Problem.Conflict("run.not-resumable", $"Only a failed or cancelled run can be resumed; '{id}' is {row.State.ToWireName()}.");
    });

    /// <summary>Takes a finished run away, with its history.</summary>
    public Task<Outcome<Unit>> DeleteAsync(string id) => store.UseAsync<Outcome<Unit>>(async context =>
    {
        var deleted = await context.Runs
            .Where(run => run.Id == id && run.SweepId == null && run.State != RunState.Running && run.State != RunState.Queued).ExecuteDeleteAsync();
        if (deleted == 0)
        {
            var left = await context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id);
            return left switch
            {
                null => NotFound(id),
                { SweepId: { } sweep } => Problem.Conflict("run.in-sweep", $"The run '{id}' is a trial of the sweep '{sweep}' and goes with it."),
                _ => Problem.Conflict("run.active", $"The run '{id}' is not over; cancel it first."),
            };
        }

        await context.Epochs.Where(epoch => epoch.RunId == id).ExecuteDeleteAsync();
        await context.RunEvents.Where(row => row.RunId == id).ExecuteDeleteAsync();
        return default(Unit);
    });

    public static Problem NotFound(string id) => Problem.NotFound("run.not-found", $"There is no run '{id}'.");

    private static IQueryable<RunRow> Claimable(StoreContext context, DateTimeOffset now) =>
        context.Runs.Where(run => run.State == RunState.Queued || (run.State == RunState.Running && run.LeaseUntil < now));

    private async Task<DateTimeOffset> NowAsync(StoreContext context) => await StoreClock.NowAsync(context, clock);
}
