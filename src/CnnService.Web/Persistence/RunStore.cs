using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores training runs, for clients; workers use <see cref="RunProgressStore"/>.</summary>
internal sealed class RunStore(Store store, LeaseStore<RunRow> leases, TimeProvider clock)
{
    /// <summary>
    /// Queues a run, unless too many are queued. Adding the same id again returns the existing run, as the first response may have been
    /// lost.
    /// </summary>
    public Task<Outcome<RunRow>> AddAsync(RunRow run, int maxQueued, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<RunRow>>(async context =>
    {
        if (await context.Runs.CountAsync(other => other.Work.State == WorkState.Queued, cancel) >= maxQueued)
        {
            return new Problem(ProblemKind.Unavailable, "run.queue-full",
                $"At most {maxQueued} runs may be queued; try again when one has started.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        run.CreatedAt = clock.GetUtcNow();
        context.Runs.Add(run);
        context.RunEvents.Add(RunEvents.State(run.Id, 1, WorkState.Queued));
        try
        {
            await context.SaveChangesAsync(cancel);
            return run;
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.Runs.AsNoTracking().SingleAsync(known => known.Id == run.Id, cancel);
        }
    });

    public Task<RunRow?> FindAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancel));

    /// <summary>The newest runs, or those older than <paramref name="after"/>.</summary>
    public Task<List<RunRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Runs.AsNoTracking()
        .Where(run => after == null || run.Id.CompareTo(after) < 0)
        .OrderByDescending(run => run.Id).Take(limit).ToListAsync(cancel));

    public Task<List<EpochRow>> HistoryAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Epochs.AsNoTracking()
        .Where(epoch => epoch.RunId == id).OrderBy(epoch => epoch.Epoch).ToListAsync(cancel));

    /// <summary>The epochs of several runs, in order.</summary>
    public Task<ILookup<string, EpochRow>> HistoriesAsync(IReadOnlyCollection<string> ids, CancellationToken cancel = default) =>
        store.UseAsync(async context =>
        (await context.Epochs.AsNoTracking().Where(epoch => ids.Contains(epoch.RunId)).OrderBy(epoch => epoch.Epoch).ToListAsync(cancel))
            .ToLookup(epoch => epoch.RunId));

    public Task<List<RunEventRow>> EventsAsync(string id, int after, int limit, CancellationToken cancel = default) =>
        store.UseAsync(context => context.RunEvents.AsNoTracking()
        .Where(row => row.RunId == id && row.Sequence > after).OrderBy(row => row.Sequence).Take(limit).ToListAsync(cancel));

    /// <summary>The number of a run's last event; 0 before the first.</summary>
    public Task<int> LastSequenceAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => RunEvents.LastSequenceAsync(context, id, cancel));

    /// <summary>Requests a run to stop; a queued one is cancelled immediately.</summary>
    public async Task<Outcome<RunRow>> CancelAsync(string id, CancellationToken cancel = default)
    {
        await leases.CancelAsync(id, cancel);
        var row = await FindAsync(id, cancel);
        return row switch
        {
            null => NotFound(id),
            { Work.State: WorkState.Succeeded or WorkState.Failed } =>
                Problem.Conflict(
                    "run.finished", $"Only a queued or running run can be cancelled; '{id}' has {row.Work.State.ToWireName()}."),
            _ => row,
        };
    }

    /// <summary>
    /// Requests a running run to end with the best epoch so far, or, before there is one, with the first. Problem code:
    /// <c>run.not-running</c>.
    /// </summary>
    public Task<Outcome<RunRow>> FinishAsync(string id, CancellationToken cancel = default) => store.UseAsync<Outcome<RunRow>>(
        async context =>
        {
            var isSet = await context.Runs.Where(run => run.Id == id && run.Work.State == WorkState.Running && !run.Work.CancelRequested)
                .ExecuteUpdateAsync(set => set.SetProperty(run => run.FinishRequested, true), cancel) > 0;
            return await context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancel) switch
            {
                null => NotFound(id),
                var run when isSet => run,
                var run => Problem.Conflict(
                    "run.not-running", $"Only a running run can be finished; '{id}' is {run.Work.State.ToWireName()}."),
            };
        });

    /// <summary>
    /// Queues a run that was cancelled or has failed, to publish the best of the epochs that it has. Problem codes:
    /// <c>run.not-resumable</c>, <c>run.nothing-to-publish</c> where it has none.
    /// </summary>
    public async Task<Outcome<RunRow>> PublishAsync(string id, CancellationToken cancel = default)
    {
        var isSet = await store.UseAsync(context => context.Runs
            .Where(run => run.Id == id && (run.Work.State == WorkState.Cancelled || run.Work.State == WorkState.Failed)
                && context.Epochs.Any(epoch => epoch.RunId == id))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.FinishRequested, true), cancel)) > 0;
        var row = isSet ? null : await FindAsync(id, cancel);
        return isSet || row is null or { Work.State: not (WorkState.Cancelled or WorkState.Failed) }
            ? await QueueAgainAsync(id, cancel)
            : Problem.Conflict("run.nothing-to-publish", $"The run '{id}' ended before its first epoch: there are no weights to publish.");
    }

    /// <summary>Queues a failed or cancelled run again. It continues from its last checkpoint, with fresh attempt counters.</summary>
    public async Task<Outcome<RunRow>> ResumeAsync(string id, CancellationToken cancel = default)
    {
        await store.UseAsync(context => context.Runs
            .Where(run => run.Id == id && (run.Work.State == WorkState.Cancelled || run.Work.State == WorkState.Failed))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.FinishRequested, false), cancel));
        return await QueueAgainAsync(id, cancel);
    }

    private async Task<Outcome<RunRow>> QueueAgainAsync(string id, CancellationToken cancel)
    {
        var queued = await leases.ResumeAsync(id, cancel);
        var row = await FindAsync(id, cancel);
        return row is null ? NotFound(id)
            : queued ? row
            : Problem.Conflict("run.not-resumable",
                $"Only a failed or cancelled run can be resumed; '{id}' is {row.Work.State.ToWireName()}.");
    }

    /// <summary>Deletes a run that has ended, and its history.</summary>
    public Task<Outcome<Unit>> DeleteAsync(string id, CancellationToken cancel = default) => store.UseAsync<Outcome<Unit>>(async context =>
    {
        var isDeleted = await RunChange.ApplyAsync(
            context,
            () => context.Runs
                .Where(run =>
                    run.Id == id && run.SweepId == null && run.Work.State != WorkState.Running && run.Work.State != WorkState.Queued)
                .ExecuteDeleteAsync(cancel),
            async () =>
            {
                await context.Epochs.Where(epoch => epoch.RunId == id).ExecuteDeleteAsync(cancel);
                await context.RunEvents.Where(row => row.RunId == id).ExecuteDeleteAsync(cancel);
            },
            cancel);
        return isDeleted
            ? default(Unit)
            : await context.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancel) switch
            {
                null => NotFound(id),
                { SweepId: { } sweep } => Problem.Conflict(
                    "run.in-sweep", $"The run '{id}' is a trial of the sweep '{sweep}': delete the sweep, which deletes its runs too."),
                var run => Problem.Conflict(
                    "run.active", $"Only a run that has ended can be deleted; '{id}' is {run.Work.State.ToWireName()}: cancel it first."),
            };
    });

    /// <summary>Stores the version that the run produced, with its figures, within the transaction that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, int version, ModelMetrics? metrics, CancellationToken cancel) =>
        context.Runs.Where(run => run.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(run => run.Version, version)
                .SetProperty(run => run.VersionLoss, metrics?.ValidationLoss)
                .SetProperty(run => run.VersionAccuracy, metrics?.ValidationAccuracy),
            cancel);

    /// <summary>Names what a run left in the store of artifacts, within the transaction that ends it.</summary>
    public static Task SetFilesAsync(StoreContext context, string id, string files, CancellationToken cancel) =>
        context.Runs.Where(run => run.Id == id).ExecuteUpdateAsync(set => set.SetProperty(run => run.Files, files), cancel);

    public static Problem NotFound(string id) => Problem.NotFound("run.not-found", $"There is no run '{id}'.");
}
