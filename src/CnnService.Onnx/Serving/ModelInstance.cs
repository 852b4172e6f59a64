using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A version in memory or being loaded: its bounded queue, its sessions once they are open, and its statistics. Thread safe. Dispose it
/// when no caller is left; this frees the sessions.
/// </summary>
internal sealed class ModelInstance : IAsyncDisposable
{
    private int _images;
    private int _callers;
    private volatile bool _hasFailed;
    private volatile DynamicBatcher? _batcher; // Once it is open.
    private int _leftBehind;
    private long _openedAt = long.MinValue;

    /// <param name="model">The version to serve.</param>
    /// <param name="plan">Batching of its requests.</param>
    /// <param name="opening">The running task that opens the sessions.</param>
    /// <param name="time">Clock that says when they were open.</param>
    public ModelInstance(LoadedModel model, BatchingPlan plan, Task<Outcome<DynamicBatcher>> opening, TimeProvider time)
    {
        (Model, Plan, Bytes) = (model, plan, VersionLoader.MemoryOf(model, plan));
        Opening = WatchAsync(opening, time);
    }

    public LoadedModel Model { get; }

    public BatchingPlan Plan { get; }

    /// <summary>The task that opens the sessions; once it has completed, <see cref="HasFailed"/> is final.</summary>
    public Task<Outcome<DynamicBatcher>> Opening { get; }

    /// <summary>Timestamp of when the sessions were open; the smallest number before.</summary>
    public long OpenedAt => Volatile.Read(ref _openedAt);

    /// <summary>Whether the sessions are still being opened.</summary>
    public bool IsOpening => OpenedAt == long.MinValue && !HasFailed;

    /// <summary>Estimated memory of the loaded version, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Callers at present, including those still decoding.</summary>
    public int Callers => Volatile.Read(ref _callers);

    /// <summary>Whether opening the sessions has failed; false while it runs.</summary>
    public bool HasFailed => _hasFailed;

    /// <inheritdoc cref="DynamicBatcher.LongestRun"/>
    public TimeSpan LongestRun => _batcher?.LongestRun ?? TimeSpan.Zero;

    /// <summary>Whether a run of it does not end: nobody may wait for its disposal.</summary>
    public bool IsLeftBehind => Volatile.Read(ref _leftBehind) != 0;

    /// <summary>
    /// Reserves queue places for images, all or none. A request larger than the queue is accepted while the queue is empty.
    /// </summary>
    public bool TryReserve(int images)
    {
        for (var taken = Volatile.Read(ref _images); taken == 0 || taken + images <= Plan.MaxQueueSize;)
        {
            var seen = Interlocked.CompareExchange(ref _images, taken + images, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }

    public void ReleasePlaces(int images) => Interlocked.Add(ref _images, -images);

    public void Enter() => Interlocked.Increment(ref _callers);

    public void Leave() => Interlocked.Decrement(ref _callers);

    /// <summary>Gives up a version whose run does not end. True for the first caller.</summary>
    public bool LeaveBehind()
    {
        if (Interlocked.Exchange(ref _leftBehind, 1) != 0)
        {
            return false;
        }

        _batcher?.Terminate();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasFailed && await Opening is { Succeeded: true } opened)
        {
            await opened.Value.DisposeAsync();
        }
    }

    private async Task<Outcome<DynamicBatcher>> WatchAsync(Task<Outcome<DynamicBatcher>> opening, TimeProvider time)
    {
        try
        {
            var opened = await opening;
            _hasFailed = !opened.Succeeded;
            _batcher = opened.Succeeded ? opened.Value : null;
            Volatile.Write(ref _openedAt, time.GetTimestamp());
            return opened;
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
