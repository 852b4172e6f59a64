using Microsoft.Extensions.Logging;

namespace CnnService.Core.Common;

public sealed partial class CoalescingCache<TKey, TValue>
{
    /// <summary>Under the lock.</summary>
    private Computation Join(TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute)
    {
        if (_running.TryGetValue(key, out var shared))
        {
            shared.Join();
            return shared;
        }

        _running[key] = shared = new Computation(key, CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token));
        shared.Start(Task.Run(() => RunAsync(shared, compute), CancellationToken.None));
        return shared;
    }

    private void Leave(Computation shared)
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

    /// <summary>Cancels what nobody waits for; whoever comes from now on starts anew.</summary>
    private void Abandon(Computation shared)
    {
        lock (_gate)
        {
            if (shared.IsUnattended)
            {
                Forget(shared);
                shared.Cancel();
            }
        }
    }

    private async Task<Outcome<TValue>> RunAsync(Computation shared, Func<CancellationToken, Task<Outcome<TValue>>> compute)
    {
        try
        {
            var outcome = await InSlotAsync(compute, shared.Abandoned);
            if (End(shared, outcome) == 0 && outcome.Problem is { } problem)
            {
                LogProblemUnheard(_logger, _bounds.Name, problem.Code, problem.Detail);
            }

            return outcome;
        }
        catch (OperationCanceledException) when (shared.Abandoned.IsCancellationRequested)
        {
            End(shared, outcome: null);
            throw;
        }
        catch (Exception failure)
        {
            if (End(shared, outcome: null) == 0)
            {
                LogFailureUnheard(_logger, _bounds.Name, failure);
            }

            throw;
        }
    }

    private async Task<Outcome<TValue>> InSlotAsync(Func<CancellationToken, Task<Outcome<TValue>>> compute, CancellationToken abandoned)
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

    /// <summary>Keeps a value before anybody hears of it, so that whoever asks next finds it.</summary>
    /// <returns>Callers who wait at this moment.</returns>
    private int End(Computation shared, Outcome<TValue>? outcome)
    {
        lock (_gate)
        {
            Forget(shared);
            if (outcome is { Succeeded: true })
            {
                _kept.Keep(shared.Key, outcome.Value);
            }

            shared.Dispose();
            return shared.Waiting;
        }
    }

    /// <summary>Under the lock; an abandoned computation may have been followed by another.</summary>
    private void Forget(Computation shared)
    {
        if (_running.TryGetValue(shared.Key, out var current) && current == shared)
        {
            _running.Remove(shared.Key);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A computation for the {Cache} failed after all callers had left")]
    private static partial void LogFailureUnheard(ILogger logger, string cache, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A computation for the {Cache} gave {Code} after all callers had left: {Detail}")]
    private static partial void LogProblemUnheard(ILogger logger, string cache, string code, string detail);

    /// <summary>One computation and those who wait for it. Guarded by the cache's lock, but for <see cref="Result"/>.</summary>
    private sealed class Computation(TKey key, CancellationTokenSource abandoned) : IDisposable
    {
        private ITimer? _linger;
        private bool _isOver;

        public TKey Key => key;

        public CancellationToken Abandoned { get; } = abandoned.Token;

        public Task<Outcome<TValue>> Result { get; private set; } = null!;

        public int Waiting { get; private set; } = 1;

        /// <summary>It runs on, and nobody waits.</summary>
        public bool IsUnattended => !_isOver && Waiting == 0;

        public void Start(Task<Outcome<TValue>> result)
        {
            Result = result;

            // Those who wait hear of a failure, or the log: no task's fault may go unobserved.
            _ = result.ContinueWith(
                static failed => _ = failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        public void Join()
        {
            Waiting++;
            Linger(null);
        }

        /// <returns>True where it is unattended now.</returns>
        public bool Leave()
        {
            Waiting--;
            return IsUnattended;
        }

        /// <summary>Replaces the timer that ends it.</summary>
        public void Linger(ITimer? timer)
        {
            _linger?.Dispose();
            _linger = timer;
        }

        /// <summary>The token's callbacks run on the thread pool: none of them runs under the lock.</summary>
        public void Cancel() => _ = abandoned.CancelAsync();

        public void Dispose()
        {
            _isOver = true;
            Linger(null);
            abandoned.Dispose();
        }
    }
}
