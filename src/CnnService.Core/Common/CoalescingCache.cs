using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Core.Common;

/// <summary>
/// Values that are costly to compute: callers who ask for the same key at the same time share one computation, and the values used last
/// are kept, bounded in bytes. Failures are not kept: the next caller computes anew. A caller's cancellation ends his waiting only.
/// A computation that fails when nobody waits for it is logged. Thread safe.
/// </summary>
/// <typeparam name="TKey">Equal keys stand for equal values.</typeparam>
/// <typeparam name="TValue">Immutable, and without native memory: callers share it and nobody disposes it.</typeparam>
public sealed partial class CoalescingCache<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly CoalescingCacheBounds _bounds;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim? _slots;
    private readonly CancellationTokenSource _disposed = new();

    private readonly Lock _gate = new();
    private readonly RecentValues<TKey, TValue> _kept; // Guarded by _gate.
    private readonly Dictionary<TKey, Computation> _running = []; // Guarded by _gate.

    /// <param name="bounds">Bounds.</param>
    /// <param name="sizeOf">Bytes of a value; called under a lock, so it must be quick.</param>
    /// <param name="logger">Hears of computations that fail with nobody waiting; null: nobody does.</param>
    /// <param name="clock">Times <see cref="CoalescingCacheBounds.Linger"/>; null: the system's.</param>
    public CoalescingCache(CoalescingCacheBounds bounds, Func<TValue, long> sizeOf, ILogger? logger = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(sizeOf);
        (_bounds, _logger, _clock) = (bounds, logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
        _kept = new(bounds.MaxBytes, sizeOf);
        _slots = bounds.MaxConcurrency is { } slots ? new(slots, slots) : null;
    }

    /// <summary>Bytes of the values kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _kept.Bytes;
            }
        }
    }

    /// <summary>The value, if it is kept; counts as a use.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            return _kept.TryGet(key, out value);
        }
    }

    /// <summary>The kept value, or what the computation under way or a new one gives.</summary>
    /// <param name="key">Of the value.</param>
    /// <param name="compute">
    /// Runs on the thread pool. The token is cancelled when nobody has waited for <see cref="CoalescingCacheBounds.Linger"/>, and when the
    /// cache is disposed.
    /// </param>
    /// <param name="cancel">Ends this caller's waiting only.</param>
    /// <exception cref="OperationCanceledException">This caller no longer waits, or the cache was disposed.</exception>
    public async Task<Outcome<TValue>> GetOrComputeAsync(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Find(key, compute, out var shared) ?? await AttendAsync(shared!, result => result.WaitAsync(cancel));
    }

    /// <summary>As <see cref="GetOrComputeAsync"/>, for a caller who goes and asks again later.</summary>
    /// <param name="key">Of the value.</param>
    /// <param name="compute">As there; it goes on for <see cref="CoalescingCacheBounds.Linger"/> when the caller has gone.</param>
    /// <param name="patience">How long the caller waits; zero: it only sees to it that the computation runs, however quick that is.</param>
    /// <param name="cancel">Ends this caller's waiting only.</param>
    /// <returns>Null where the patience was over first.</returns>
    /// <exception cref="OperationCanceledException">This caller no longer waits, or the cache was disposed.</exception>
    public async Task<Outcome<TValue>?> GetOrComputeWithinAsync(
        TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, TimeSpan patience, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Find(key, compute, out var shared) ?? await AttendAsync(shared!, async result =>
        {
            if (patience == TimeSpan.Zero)
            {
                return null;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var first = await Task.WhenAny(result, Task.Delay(patience, _clock, over.Token));
            await over.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            return first == result ? await result : null;
        });
    }

    /// <summary>Cancels what still runs.</summary>
    public void Dispose()
    {
        if (!_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
            _disposed.Dispose();
        }
    }

    /// <summary>What is kept; else null, and the computation that this caller now attends.</summary>
    private Outcome<TValue>? Find(TKey key, Func<CancellationToken, Task<Outcome<TValue>>> compute, out Computation? shared)
    {
        ArgumentNullException.ThrowIfNull(compute);
        lock (_gate)
        {
            shared = null;
            if (_kept.TryGet(key, out var known))
            {
                return Outcome.Success(known);
            }

            shared = Join(key, compute);
            return null;
        }
    }

    private async Task<T> AttendAsync<T>(Computation shared, Func<Task<Outcome<TValue>>, Task<T>> wait)
    {
        try
        {
            return await wait(shared.Result);
        }
        finally
        {
            Leave(shared);
        }
    }
}
