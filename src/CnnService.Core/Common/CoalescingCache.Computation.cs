using Microsoft.Extensions.Logging;

namespace CnnService.Core.Common;

public sealed partial class CoalescingCache<TKey, TValue>
{
    /// <summary>Joins the running computation of the key or starts one. Called under the lock.</summary>
    private PendingComputation Join(TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute)
    {
        if (_running.TryGetValue(key, out var shared))
        {
            shared.Join();
            return shared;
        }

        _running[key] = shared = new PendingComputation(key, CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token));
        shared.Start(Task.Run(() => RunAsync(shared, compute), CancellationToken.None));
        return shared;
    }

    private void LeaveComputation(PendingComputation shared)
    {
        lock (_gate)
        {
            if (!shared.Leave() || _bounds.Linger == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (_bounds.Linger > TimeSpan.Zero)
            {
                shared.Linger(_clock.CreateTimer(_ => Abandon(shared), null, _bounds.Linger, Timeout.InfiniteTimeSpan));
                return;
            }
        }

        Abandon(shared);
    }

    /// <summary>Cancels a computation that has no waiters left; later callers start a new one.</summary>
    private void Abandon(PendingComputation shared)
    {
        lock (_gate)
        {
            if (shared.HasNoWaiters)
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
            var outcome = await RunInSlotAsync(compute, shared.Abandoned);
            if (Complete(shared, outcome) == 0 && outcome.Problem is { } problem)
            {
                LogProblemWithoutWaiters(_logger, _bounds.Name, problem.Code, problem.Detail);
            }

            return outcome;
        }
        catch (OperationCanceledException) when (shared.Abandoned.IsCancellationRequested)
        {
            Complete(shared, outcome: null);
            throw;
        }
        catch (Exception failure)
        {
            if (Complete(shared, outcome: null) == 0)
            {
                LogFailureWithoutWaiters(_logger, _bounds.Name, failure);
            }

            throw;
        }
    }

    private async Task<Outcome<TValue>> RunInSlotAsync(Func<CancellationToken, Task<Outcome<TValue>>> compute, CancellationToken abandoned)
    {
        if (_slots is null)
        {
            return await compute(abandoned);
        }

        await _slots.WaitAsync(abandoned);
        try
        {
            return await compute(abandoned);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Stores the value before its waiters are released, so that the next caller finds it.</summary>
    /// <returns>Number of callers waiting at this moment.</returns>
    private int Complete(PendingComputation shared, Outcome<TValue>? outcome)
    {
        lock (_gate)
        {
            RemoveRunning(shared);
            if (outcome is { Succeeded: true })
            {
                _values.Set(shared.Key, outcome.Value);
            }

            shared.Dispose();
            return shared.WaiterCount;
        }
    }

    /// <summary>Called under the lock. An abandoned computation may already have been replaced by a newer one, which is kept.</summary>
    private void RemoveRunning(PendingComputation shared)
    {
        if (_running.TryGetValue(shared.Key, out var current) && current == shared)
        {
            _running.Remove(shared.Key);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A computation for the {Cache} failed after all callers had left")]
    private static partial void LogFailureWithoutWaiters(ILogger logger, string cache, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A computation for the {Cache} gave {Code} after all callers had left: {Detail}")]
    private static partial void LogProblemWithoutWaiters(ILogger logger, string cache, string code, string detail);

    /// <summary>One computation and its waiters. Guarded by the cache's lock, except <see cref="Result"/>.</summary>
    private sealed class PendingComputation(TKey key, CancellationTokenSource abandoned) : IDisposable
    {
        private ITimer? _linger;
        private bool _isCompleted;

        public TKey Key => key;

        public CancellationToken Abandoned { get; } = abandoned.Token;

        public Task<Outcome<TValue>> Result { get; private set; } = null!;

        public int WaiterCount { get; private set; } = 1;

        /// <summary>Still running, without waiters.</summary>
        public bool HasNoWaiters => !_isCompleted && WaiterCount == 0;

        public void Start(Task<Outcome<TValue>> result)
        {
            Result = result;

            // Waiters observe a failure, or else it is logged; this keeps it from surfacing as an unobserved task exception.
            _ = result.ContinueWith(
                static failed => _ = failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        public void Join()
        {
            WaiterCount++;
            Linger(null);
        }

        /// <returns>True where no waiters are left.</returns>
        public bool Leave()
        {
            WaiterCount--;
            return HasNoWaiters;
        }

        /// <summary>Replaces the timer that will abandon the computation.</summary>
        public void Linger(ITimer? timer)
        {
            _linger?.Dispose();
            _linger = timer;
        }

        /// <summary>CancelAsync runs the token's callbacks on the thread pool, so none of them runs under the lock.</summary>
        public void Cancel() => _ = abandoned.CancelAsync();

        public void Dispose()
        {
            _isCompleted = true;
            Linger(null);
            abandoned.Dispose();
        }
    }
}
