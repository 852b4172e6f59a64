using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Core.Common;

/// <summary>
/// A least-recently-used cache of values that are costly to compute, bounded in bytes. Concurrent callers with the same key share one
/// computation. Failures are not cached: the next caller computes again, or is told of a failure that nobody has been told of. A caller's
/// cancellation ends only its own wait. A computation that fails without waiters is logged. Thread safe.
/// </summary>
/// <typeparam name="TKey">Equal keys stand for equal values.</typeparam>
/// <typeparam name="TValue">Immutable, and without native memory: callers share it and nobody disposes it.</typeparam>
public sealed partial class CoalescingCache<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly CoalescingCacheBounds _bounds;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly Action? _failedUnattended;
    private readonly SemaphoreSlim? _slots;
    private readonly CancellationTokenSource _disposed = new();

    private readonly Lock _gate = new();
    private readonly LruCache<TKey, TValue> _values; // Guarded by _gate.
    private readonly Dictionary<TKey, PendingComputation> _running = []; // Guarded by _gate.

    /// <param name="bounds">Capacity, concurrency and linger time.</param>
    /// <param name="sizeOf">Size of a value in bytes; called under a lock, so it must be fast.</param>
    /// <param name="logger">Receives failures of computations without waiters; null: they are not logged.</param>
    /// <param name="clock">Measures the times of <see cref="CoalescingCacheBounds"/>; null: the system clock.</param>
    /// <param name="failedUnattended">Called for each failure of a computation without waiters; must be fast.</param>
    public CoalescingCache(
        CoalescingCacheBounds bounds, Func<TValue, long> sizeOf, ILogger? logger = null, TimeProvider? clock = null,
        Action? failedUnattended = null)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(sizeOf);
        (_bounds, _logger, _clock) = (bounds, logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
        _failedUnattended = failedUnattended;
        _values = new(bounds.MaxBytes, sizeOf);
        _slots = bounds.MaxConcurrency is { } slots ? new(slots, slots) : null;
    }

    /// <summary>The cached value, if there is one; counts as a use.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            return _values.TryGet(key, out value);
        }
    }

    /// <summary>The cached value, or the result of the running or a new computation.</summary>
    /// <param name="key">Identifies the value.</param>
    /// <param name="compute">
    /// Runs on the thread pool. Its token is cancelled when there has been no waiter for <see cref="CoalescingCacheBounds.Linger"/>, and
    /// when the cache is disposed.
    /// </param>
    /// <param name="cancel">Ends this caller's wait only.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the cache was disposed.</exception>
    public async Task<Outcome<TValue>> GetOrComputeAsync(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, CancellationToken cancel) =>
        (await GetOrComputeWithinAsync(key, compute, Asker.Anyone, Timeout.InfiniteTimeSpan, cancel))!;

    /// <summary>As <see cref="GetOrComputeAsync"/>, for a caller that waits for a limited time and may ask again later.</summary>
    /// <param name="key">Identifies the value.</param>
    /// <param name="compute">As there; it goes on for <see cref="CoalescingCacheBounds.Linger"/> after the caller has left.</param>
    /// <param name="patience">How long to wait; zero: only ensure that the computation runs; null is returned however fast it is.</param>
    /// <param name="cancel">Ends this caller's wait only.</param>
    /// <returns>Null where the time was up first.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the cache was disposed.</exception>
    public Task<Outcome<TValue>?> GetOrComputeWithinAsync(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, TimeSpan patience, CancellationToken cancel) =>
        GetOrComputeWithinAsync(key, compute, Asker.Anyone, patience, cancel);

    /// <summary>As above, for a cache with <see cref="CoalescingCacheBounds.Admission"/>.</summary>
    /// <param name="key">Identifies the value.</param>
    /// <param name="compute">Computes the value.</param>
    /// <param name="asker">Whose turn the computation takes. Problem: that of the admission.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancel">Ends this caller's wait only.</param>
    /// <returns>Null where the time was up first.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the cache was disposed.</exception>
    public async Task<Outcome<TValue>?> GetOrComputeWithinAsync(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, Asker asker, TimeSpan patience, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(compute);
        cancel.ThrowIfCancellationRequested();
        PendingComputation shared;
        bool hasEnded;
        lock (_gate)
        {
            if (_values.TryGet(key, out var known))
            {
                return Outcome.Success(known);
            }

            if (Join(key, compute, asker, out shared!) is { } refused)
            {
                return refused;
            }

            hasEnded = shared.HasEnded;
        }

        var isTold = false;
        try
        {
            isTold = hasEnded || await EndsWithinAsync(shared.Result, patience, cancel);
            return isTold ? await shared.Result : null;
        }
        finally
        {
            LeaveComputation(shared, asker.Urgency, isTold);
        }
    }

    /// <summary>Cancels the running computations.</summary>
    public void Dispose()
    {
        if (!_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _disposed.Dispose();
        }
    }

    /// <summary>Whether the computation ends while the caller waits.</summary>
    private async Task<bool> EndsWithinAsync(Task result, TimeSpan patience, CancellationToken cancel)
    {
        if (patience == TimeSpan.Zero)
        {
            return false;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var first = await Task.WhenAny(result, Task.Delay(patience, _clock, over.Token));
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first == result;
    }
}
