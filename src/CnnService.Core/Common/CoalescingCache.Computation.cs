
namespace CnnService.Core.Common;

public sealed partial class CoalescingCache<TKey, TValue>
{
    /// <summary>Joins the computation of the key or starts one. Called under the lock.</summary>
    /// <returns>Null, or the problem of the admission.</returns>
    private Problem? Join(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, Asker asker, out PendingComputation? shared)
    {
        if (_running.TryGetValue(key, out shared))
        {
            shared.Join(asker);
            return null;
        }

        var abandoned = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        var place = _bounds.Admission?.Enter(asker);
        if (place?.Problem is { } refused)
        {
            abandoned.Dispose();
            return refused;
        }

        var begun = new PendingComputation(key, abandoned, place?.Value, asker);
        _running[key] = shared = begun;
        begun.Start(Task.Run(() => RunAsync(begun, compute), CancellationToken.None));
        Observe(begun.Result);
        return null;
    }

    private void LeaveComputation(PendingComputation shared, Urgency urgency, bool isTold)
    {
        Action? report;
        lock (_gate)
        {
            shared.Leave(urgency, isTold);
            report = Settle(shared);
            if (_bounds.Linger == TimeSpan.Zero)
            {
                Abandon(shared);
            }
            else if (shared.IsAbandoned && _bounds.Linger != Timeout.InfiniteTimeSpan)
            {
                shared.Schedule(_clock.CreateTimer(_ => Abandon(shared), null, _bounds.Linger, Timeout.InfiniteTimeSpan));
            }
        }

        report?.Invoke();
    }

    /// <summary>Cancels a computation that still has no waiters; later callers start a new one.</summary>
    private void Abandon(PendingComputation shared)
    {
        lock (_gate)
        {
            if (shared.IsAbandoned)
            {
                RemoveRunning(shared);
                shared.Cancel();
            }
        }
    }

    private async Task<Outcome<TValue>> RunAsync(PendingComputation shared, Func<CancellationToken, Task<Outcome<TValue>>> compute)
    {
        try
        {
            var outcome = await RunInTurnAsync(shared, compute);
            End(shared, outcome, outcome.Succeeded ? _bounds.KeepUntoldValues : _bounds.KeepUntoldFailures, LogOf(outcome.Problem));
            return outcome;
        }
        catch (OperationCanceledException) when (shared.Cancelled.IsCancellationRequested)
        {
            End(shared, outcome: null, TimeSpan.Zero, log: null);
            throw;
        }
        catch (Exception failure)
        {
            End(shared, outcome: null, _bounds.KeepUntoldFailures, () => LogFailureWithoutWaiters(_logger, _bounds.Name, failure));
            throw;
        }
    }

    /// <summary>Null for a success, and for a piece of work that was displaced: it never ran.</summary>
    private Action? LogOf(Problem? problem) => problem is null or { Kind: ProblemKind.TooMany }
        ? null
        : () => LogProblemWithoutWaiters(_logger, _bounds.Name, problem.Code, problem.Detail);

    private async Task<Outcome<TValue>> RunInTurnAsync(PendingComputation shared, Func<CancellationToken, Task<Outcome<TValue>>> compute)
    {
        using var place = shared.Place;
        if (place is not null && await place.Admitted.WaitAsync(shared.Cancelled) is { } displaced)
        {
            return displaced;
        }

        if (_slots is null)
        {
            return await RunInTimeAsync(compute, shared.Cancelled);
        }

        await _slots.WaitAsync(shared.Cancelled);
        try
        {
            return await RunInTimeAsync(compute, shared.Cancelled);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<Outcome<TValue>> RunInTimeAsync(Func<CancellationToken, Task<Outcome<TValue>>> compute, CancellationToken cancelled)
    {
        if (_bounds.TimeLimit is not { } limit)
        {
            return await compute(cancelled);
        }

        using var late = new CancellationTokenSource(limit.Duration, _clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancelled);
        var work = Task.Run(() => compute(ended.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            Observe(work);
            return limit.Exceeded;
        }
    }

    /// <summary>Stores the value before its waiters are released, so that the next caller finds it.</summary>
    private void End(PendingComputation shared, Outcome<TValue>? outcome, TimeSpan keepUntold, Action? log)
    {
        Action? report;
        lock (_gate)
        {
            if (outcome is { Succeeded: true })
            {
                _values.Set(shared.Key, outcome.Value);
            }

            shared.End(keepUntold, log);
            if (keepUntold == TimeSpan.Zero)
            {
                RemoveRunning(shared);
            }

            report = Settle(shared);
        }

        report?.Invoke();
    }

    /// <summary>
    /// Forgets an ended computation that has no waiters left, at once if a caller was told its result, else later. Called under the lock.
    /// </summary>
    /// <returns>Reports the failure that nobody was told of; to be called outside the lock. Null if there is nothing to report.</returns>
    private Action? Settle(PendingComputation shared)
    {
        if (!shared.HasEnded || shared.HasWaiters)
        {
            return null;
        }

        if (shared.IsTold || shared.KeepUntold == TimeSpan.Zero)
        {
            RemoveRunning(shared);
        }
        else
        {
            shared.Schedule(_clock.CreateTimer(_ => Forget(shared), null, shared.KeepUntold, Timeout.InfiniteTimeSpan));
        }

        return shared.IsTold || shared.TakeLog() is not { } log ? null : () =>
        {
            log();
            _failedUnattended?.Invoke();
        };
    }

    private void Forget(PendingComputation shared)
    {
        lock (_gate)
        {
            if (!shared.HasWaiters)
            {
                RemoveRunning(shared);
            }
        }
    }

    /// <summary>Called under the lock. An abandoned computation may already have been replaced by a newer one, which is kept.</summary>
    private void RemoveRunning(PendingComputation shared)
    {
        if (_running.TryGetValue(shared.Key, out var current) && current == shared)
        {
            _running.Remove(shared.Key);
            shared.Schedule(null);
        }
    }

    /// <summary>Keeps a failure that is told or logged elsewhere from surfacing as an unobserved task exception.</summary>
    private static void Observe(Task work) => _ = work.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
