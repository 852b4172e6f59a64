using System.Collections.Concurrent;
using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// Carries out leased work of any kind: claims the row, renews the lease, stops the attempt when required, and stores how it ended. The row
/// determines what is done, not the Hangfire job. Thread safe.
/// </summary>
internal sealed partial class LeasedJobRunner<TKind, T>(
    TKind kind,
    LeaseStore<T> leases,
    WorkQueue queue,
    WorkerAbility ability,
    ServiceLock exclusive,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<TKind> logger) : IJobRunner<TKind>
    where TKind : class, IWorkKind<T>
    where T : LeasedRow
{
    /// <summary>Interval at which a worker checks whether its work should stop.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private static readonly Func<ILogger, string, IDisposable?> WorkScope =
        LoggerMessage.DefineScope<string>($"{TKind.IdName} {{{TKind.IdName}}}");

    /// <summary>Work in progress in this process: it must not claim a lease that it failed to renew in time itself.</summary>
    private readonly ConcurrentDictionary<string, bool> _active = new(StringComparer.Ordinal);

    /// <summary>How often in a row the database interrupted work here; such attempts do not count, but are paused between.</summary>
    private readonly ConcurrentDictionary<string, int> _interruptions = new(StringComparer.Ordinal);

    public async Task EnqueueWaitingAsync(CancellationToken cancel) => queue.EnqueueWaiting<TKind>(await WaitingAsync(cancel));

    public async Task<IReadOnlyList<string>> FindWaitingAsync(CancellationToken cancel) =>
        [.. (await WaitingAsync(cancel)).Select(work => work.Id)];

    public bool Enqueue(string id) => queue.Enqueue<TKind>(id);

    public async Task RunAsync(string id, CancellationToken shutdown)
    {
        if (!_active.TryAdd(id, true))
        {
            return;
        }

        bool? again = null;
        try
        {
            again = await ClaimAndCarryOutAsync(id, shutdown);
        }
        finally
        {
            _active.TryRemove(id, out _);
            queue.JobEnded<TKind>(id, isClaimed: again is not null);
        }

        if (again == true)
        {
            queue.Enqueue<TKind>(id);
        }
    }

    private async Task<List<WaitingWork>> WaitingAsync(CancellationToken cancel)
    {
        var waiting = await leases.ClaimableAsync(cancel);
        return waiting.FindAll(work => !_active.ContainsKey(work.Id) && ability.CanTake(TKind.Trains, work));
    }

    /// <summary>True if the work is queued again and should be resumed immediately; null if it was not claimed.</summary>
    private async Task<bool?> ClaimAndCarryOutAsync(string id, CancellationToken shutdown)
    {
        if (await leases.FindClaimableAsync(id, shutdown) is not { } waiting || !ability.CanTake(TKind.Trains, waiting))
        {
            return null; // Somebody else's, or left to another worker, which finds it by itself.
        }

        var asked = clock.GetTimestamp();
        if (await leases.ClaimAsync(id, WorkerId.Current, options.Value.Lease, shutdown) is not { } claim)
        {
            return null;
        }

        using var scope = WorkScope(logger, id);
        LogClaimed(id, claim.Fence);
        await using var renewal = new LeaseRenewal(cancel => leases.RenewAsync(claim, cancel), claim.Lease, asked, exclusive.IsHeld, clock);
        using var over = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        var watching = WatchAsync(claim, renewal, stop, over.Token);
        try
        {
            return await CarryOutAsync(new(claim, renewal, clock, stop.Token), shutdown);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task<bool> CarryOutAsync(Attempt<T> attempt, CancellationToken shutdown)
    {
        try
        {
            return await WriteEndAsync(attempt, await AttemptAsync(attempt), shutdown);
        }
        catch (OperationCanceledException) when (attempt.Lost.IsCancellationRequested)
        {
            await LeaveAsync(attempt.Claim, shutdown);
            return false;
        }
        catch (StoreUnavailableException)
        {
            return false; // At a shutdown: the lease expires by itself.
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !attempt.Stop.IsCancellationRequested)
        {
            LogDied(failure, attempt.Id, attempt.Fence);
            return await WriteEndAsync(
                attempt, new AttemptResult.Died($"{Words(failure)} (the service's log has the rest)."), shutdown);
        }
    }

    /// <summary>The kind of a failure and the first line that it says of itself.</summary>
    private static string Words(Exception failure) =>
        $"{failure.GetType().Name}: {failure.Message.Split('\n', 2)[0].Trim()}";

    private async Task<AttemptResult> AttemptAsync(Attempt<T> attempt)
    {
        var work = attempt.Row.Work;
        if (work.CancelRequested)
        {
            return new AttemptResult.Stopped();
        }

        if (work.Tries > kind.MaxTries || work.TriesWithoutProgress > kind.MaxTriesWithoutProgress)
        {
            return new AttemptResult.Failed(kind.CrashLoop(new(work.Tries - 1, work.TriesWithoutProgress - 1, LastWords: null)));
        }

        try
        {
            return await kind.ExecuteAsync(attempt);
        }
        catch (WorkLeftBehindException)
        {
            LogLeftBehind(attempt.Id, attempt.Fence);
            attempt.Lost.ThrowIfCancellationRequested();
            return new AttemptResult.Stopped();
        }
        catch (Exception away) when (away is IUnavailable)
        {
            LogInterrupted(attempt.Id, away.Message);
            return new AttemptResult.Interrupted(); // The work is not to blame, and goes on when the database answers again.
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new AttemptResult.Failed(
                new(ProblemKind.StorageFull, "storage.full", "The disk is full: free some space, then start the work again."));
        }
        catch (IOException failure) when (failure.IsDeviceFault())
        {
            return new AttemptResult.Failed(DiskFullErrors.FaultProblem("begin it again once the disk is sound."));
        }
        catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested && !attempt.Lost.IsCancellationRequested)
        {
            return new AttemptResult.Stopped();
        }
    }

    /// <summary>
    /// Stores how the attempt ended and deletes files that are no longer needed. True if the work is queued again and to be resumed
    /// immediately: the attempt crashed after it had made progress.
    /// </summary>
    private async Task<bool> WriteEndAsync(Attempt<T> attempt, AttemptResult end, CancellationToken shutdown)
    {
        var (claim, cancel) = (attempt.Claim, attempt.Lost);
        var interruptions = end is AttemptResult.Interrupted ? _interruptions.AddOrUpdate(claim.Id, 1, (_, before) => before + 1) : 0;
        if (interruptions == 0)
        {
            _interruptions.TryRemove(claim.Id, out _);
        }

        var written = await PersistAsync(() => EndAsync(claim, end, options.Value.PauseAfter(interruptions), cancel), cancel, shutdown);
        if (written is { } ended)
        {
            LogEnded(claim.Id, ended.State, ended.Problem?.Code);
            if (ended.Pause > TimeSpan.Zero)
            {
                LogPaused(claim.Id, ended.Pause);
            }

            if (ended.State.IsFinal())
            {
                await CleanUpAsync(claim.Id, ended.State, shutdown);
            }

            return end is AttemptResult.Died && ended is { State: WorkState.Queued, Pause.Ticks: 0 };
        }

        await LeaveAsync(claim, shutdown);
        return false;
    }

    /// <summary>Leaves the row to the worker that holds it now. If the row was deleted, deletes its files.</summary>
    private async Task LeaveAsync(Claim<T> claim, CancellationToken shutdown)
    {
        LogLost(claim.Id, claim.Fence);
        if (!await PersistAsync(() => leases.ExistsAsync(claim.Id, CancellationToken.None), CancellationToken.None, shutdown))
        {
            await CleanUpAsync(claim.Id, null, shutdown);
        }
    }

    private Task<bool> CleanUpAsync(string id, WorkState? ended, CancellationToken shutdown) => PersistAsync(
        async () =>
        {
            await kind.CleanUpAsync(id, ended, CancellationToken.None);
            return true;
        },
        CancellationToken.None,
        shutdown);

    /// <summary>What was written; null if the lease is lost.</summary>
    private async Task<WrittenEnd?> EndAsync(Claim<T> claim, AttemptResult end, TimeSpan pause, CancellationToken cancel)
    {
        if (await leases.FindAsync(claim, cancel) is not { } work)
        {
            return null;
        }

        var isCancelled = work.CancelRequested && end is not (AttemptResult.Done or AttemptResult.Failed);
        if (end is AttemptResult.Died died && !isCancelled)
        {
            (end, pause) = AfterDeath(new(work.Tries, work.TriesWithoutProgress, died.LastWords, WorkerId.Name));
        }

        var (state, isWritten) = end switch
        {
            AttemptResult.Done done =>
                (WorkState.Succeeded, await leases.SucceedAsync(claim, context => done.Publish(context, cancel), cancel)),
            AttemptResult.Failed failed => (WorkState.Failed, await leases.FailAsync(claim, failed.Problem, cancel)),
            _ when isCancelled => (WorkState.Cancelled, await leases.CancelledAsync(claim, cancel)),
            _ => (WorkState.Queued, await leases.ReleaseAsync(claim, blameless: end is not AttemptResult.Died, pause, cancel)),
        };
        return isWritten ? new(state, (end as AttemptResult.Failed)?.Problem, state == WorkState.Queued ? pause : TimeSpan.Zero) : null;
    }

    /// <summary>Gives up after the last attempt, with the words of the one that died; else retries after a pause.</summary>
    private (AttemptResult End, TimeSpan Pause) AfterDeath(CrashedAttempts crashed) =>
        crashed.Total >= kind.MaxTries || crashed.WithoutProgress >= kind.MaxTriesWithoutProgress
            ? (new AttemptResult.Failed(kind.CrashLoop(crashed)), TimeSpan.Zero)
            : (new AttemptResult.Died(crashed.LastWords), options.Value.PauseAfter(crashed.WithoutProgress));

    /// <summary>
    /// Retries while the database is unavailable. During a shutdown it tries only once; the lease then expires by itself.
    /// </summary>
    private async Task<TResult> PersistAsync<TResult>(Func<Task<TResult>> write, CancellationToken lost, CancellationToken shutdown)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (Exception away) when (away is IUnavailable && !shutdown.IsCancellationRequested)
            {
                await Task.Delay(RetryInterval, clock, lost);
            }
        }
    }

    /// <summary>Checks twice a second whether the work should stop, until it has ended.</summary>
    private async Task WatchAsync(Claim<T> claim, LeaseRenewal renewal, CancellationTokenSource stop, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(PollInterval, clock, over);
                switch (await GetStandingAsync(claim, over))
                {
                    case LeaseStanding.Lost:
                        renewal.MarkLost();
                        return;
                    case LeaseStanding.CancelRequested:
                        await stop.CancelAsync();
                        break;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The work has ended.
        }
    }

    private async Task<LeaseStanding> GetStandingAsync(Claim<T> claim, CancellationToken over)
    {
        try
        {
            return await leases.GetStandingAsync(claim, over);
        }
        catch (StoreUnavailableException)
        {
            return LeaseStanding.Held; // Checked again in half a second; the lease limits how long.
        }
    }

    /// <summary>How an attempt's end was stored.</summary>
    /// <param name="State">The row's state.</param>
    /// <param name="Problem">Why the work failed.</param>
    /// <param name="Pause">Time before queued work may be claimed again.</param>
    private sealed record WrittenEnd(WorkState State, Problem? Problem, TimeSpan Pause);
}
