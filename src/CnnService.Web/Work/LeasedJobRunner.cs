using System.Collections.Concurrent;
using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// Carries out leased work of any kind: claims the row, keeps the lease, stops the attempt when it is to stop, writes how it ended. The row
/// decides, not the job. Thread safe.
/// </summary>
internal sealed partial class LeasedJobRunner<TKind, T>(
    TKind kind,
    LeaseStore<T> leases,
    WorkQueue queue,
    ServiceLock exclusive,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<TKind> logger) : IJobRunner<TKind>
    where TKind : class, IWorkKind<T>
    where T : LeasedRow
{
    /// <summary>How often a worker looks whether its work is to stop.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private static readonly Func<ILogger, string, IDisposable?> OfWork = LoggerMessage.DefineScope<string>($"{TKind.IdName} {{{TKind.IdName}}}");

    /// <summary>What this process works on: a lease that it could not renew in time is not to be claimed by itself.</summary>
    private readonly ConcurrentDictionary<string, bool> _active = new(StringComparer.Ordinal);

    public async Task RemindAsync(CancellationToken cancel)
    {
        var waiting = await leases.ClaimableAsync(cancel);
        queue.Remind<TKind>([.. waiting.Where(work => !_active.ContainsKey(work.Id))]);
    }

    public async Task RunAsync(string id, CancellationToken shutdown)
    {
        if (!_active.TryAdd(id, true))
        {
            return;
        }

        var again = false;
        try
        {
            again = await ClaimAndCarryOutAsync(id, shutdown);
        }
        finally
        {
            _active.TryRemove(id, out _);
            queue.Over<TKind>(id);
        }

        if (again)
        {
            queue.Enqueue<TKind>(id);
        }
    }

    /// <summary>True where the work waits again and should be taken up at once.</summary>
    private async Task<bool> ClaimAndCarryOutAsync(string id, CancellationToken shutdown)
    {
        var asked = clock.GetTimestamp();
        if (await leases.ClaimAsync(id, WorkerId.Mine, options.Value.Lease, shutdown) is not { } claim)
        {
            return false;
        }

        using var scope = OfWork(logger, id);
        LogClaimed(id, claim.Fence);
        await using var keeper = new LeaseRenewal(cancel => leases.RenewAsync(claim, cancel), claim.Lease, asked, exclusive.IsHeld, clock);
        using var over = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        var watching = WatchAsync(claim, keeper, stop, over.Token);
        try
        {
            return await CarryOutAsync(new(claim, keeper, stop.Token), shutdown);
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
            await LeaveAsync(attempt.Claim);
            return false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogDied(failure, attempt.Id, attempt.Fence);
            return await WriteEndAsync(attempt, new WorkEnd.Died(), shutdown);
        }
    }

    private async Task<WorkEnd> AttemptAsync(Attempt<T> attempt)
    {
        var work = attempt.Row.Work;
        if (work.CancelRequested)
        {
            return new WorkEnd.Stopped();
        }

        if (work.Tries > kind.MaxTries || work.BarrenTries > kind.MaxBarrenTries)
        {
            return new WorkEnd.Failed(kind.CrashLoop(work));
        }

        try
        {
            return await kind.DoAsync(attempt);
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new WorkEnd.Failed(new(ProblemKind.StorageFull, "storage.full", "The disk is full; free some space, then begin again."));
        }
        catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested && !attempt.Lost.IsCancellationRequested)
        {
            return new WorkEnd.Stopped();
        }
    }

    /// <summary>Writes the end, and deletes what is not needed after it. True where the work waits again and nobody stopped it.</summary>
    private async Task<bool> WriteEndAsync(Attempt<T> attempt, WorkEnd end, CancellationToken shutdown)
    {
        var (claim, cancel) = (attempt.Claim, attempt.Lost);
        var written = await PersistAsync(() => EndAsync(claim, end, cancel), cancel, shutdown);
        if (written is { } ended)
        {
            LogEnded(claim.Id, ended, (end as WorkEnd.Failed)?.Problem.Code);
            if (ended.IsFinal())
            {
                await kind.TidyAsync(claim.Id, ended, CancellationToken.None);
            }

            return end is WorkEnd.Died;
        }

        await LeaveAsync(claim);
        return false;
    }

    /// <summary>What another has now is left to it; what is deleted is tidied up after.</summary>
    private async Task LeaveAsync(Claim<T> claim)
    {
        LogLost(claim.Id, claim.Fence);
        if (!await leases.ExistsAsync(claim.Id, CancellationToken.None))
        {
            await kind.TidyAsync(claim.Id, null, CancellationToken.None);
        }
    }

    /// <summary>The state that was written; null where the lease is lost.</summary>
    private async Task<WorkState?> EndAsync(Claim<T> claim, WorkEnd end, CancellationToken cancel)
    {
        var isCancelled = end is WorkEnd.Stopped && await leases.LookAsync(claim, cancel) == LeaseStanding.CancelRequested;
        var (state, isWritten) = end switch
        {
            WorkEnd.Done done => (WorkState.Succeeded, await leases.SucceedAsync(claim, context => done.Publish(context, cancel), cancel)),
            WorkEnd.Failed failed => (WorkState.Failed, await leases.FailAsync(claim, failed.Problem, cancel)),
            _ when isCancelled => (WorkState.Cancelled, await leases.CancelledAsync(claim, cancel)),
            _ => (WorkState.Queued, await leases.ReleaseAsync(claim, blameless: end is WorkEnd.Stopped, cancel)),
        };
        return isWritten ? state : null;
    }

    /// <summary>Tries again while the database is away; at a shutdown once only, then the lease runs out by itself.</summary>
    private async Task<TResult> PersistAsync<TResult>(Func<Task<TResult>> write, CancellationToken lost, CancellationToken shutdown)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (StoreUnavailableException failure) when (!shutdown.IsCancellationRequested)
            {
                LogUnavailable(failure.Message);
                await Task.Delay(Retry, clock, lost);
            }
        }
    }

    /// <summary>Looks twice a second whether the work is to stop, until it is over.</summary>
    private async Task WatchAsync(Claim<T> claim, LeaseRenewal keeper, CancellationTokenSource stop, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, clock, over);
                switch (await LookAsync(claim, over))
                {
                    case LeaseStanding.Lost:
                        keeper.Lose();
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
            // The work is over.
        }
    }

    private async Task<LeaseStanding> LookAsync(Claim<T> claim, CancellationToken over)
    {
        try
        {
            return await leases.LookAsync(claim, over);
        }
        catch (StoreUnavailableException)
        {
            return LeaseStanding.Held; // Asked again in half a second; the lease decides how long that may go on.
        }
    }

    [LoggerMessage(LogLevel.Information, "Work {Id}: attempt {Fence} begins")]
    private partial void LogClaimed(string id, int fence);

    [LoggerMessage(LogLevel.Information, "Work {Id} ended, {State} {Code}")]
    private partial void LogEnded(string id, WorkState state, string? code);

    [LoggerMessage(LogLevel.Warning, "Work {Id}: cancelled, deleted or taken over, attempt {Fence} stops and writes nothing more")]
    private partial void LogLost(string id, int fence);

    [LoggerMessage(LogLevel.Error, "Work {Id}: attempt {Fence} died")]
    private partial void LogDied(Exception failure, string id, int fence);

    [LoggerMessage(LogLevel.Warning, "The end of the work cannot be written yet: {Reason}")]
    private partial void LogUnavailable(string reason);
}
