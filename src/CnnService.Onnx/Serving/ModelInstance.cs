using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A version in memory, or on the way there: its bounded queue, the sessions behind it once they are open, and what it has come to.
/// Thread safe. Dispose it when nobody uses it: that frees the sessions.
/// </summary>
internal sealed class ModelInstance : IAsyncDisposable
{
    private int _images;
    private int _callers;
    private volatile bool _hasFailed;

    /// <param name="model">The version.</param>
    /// <param name="plan">How its requests are batched.</param>
    /// <param name="opening">Of the sessions; runs already.</param>
    public ModelInstance(LoadedModel model, BatchingPlan plan, Task<Outcome<DynamicBatcher>> opening)
    {
        (Model, Plan, Bytes) = (model, plan, VersionLoader.MemoryOf(model, plan));
        Opening = WatchAsync(opening);
    }

    public LoadedModel Model { get; }

    public BatchingPlan Plan { get; }

    /// <summary>Of the sessions. Once it is over, <see cref="HasFailed"/> tells how.</summary>
    public Task<Outcome<DynamicBatcher>> Opening { get; }

    /// <summary>What it is reckoned at.</summary>
    public long Bytes { get; }

    /// <summary>Who uses it now, those who are still decoding among them.</summary>
    public int Callers => Volatile.Read(ref _callers);

    /// <summary>Its sessions could not be opened.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Takes places for images, all or none; more than there are only where nobody waits.</summary>
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

    public void GiveBack(int images) => Interlocked.Add(ref _images, -images);

    public void Enter() => Interlocked.Increment(ref _callers);

    public void Leave() => Interlocked.Decrement(ref _callers);

    public async ValueTask DisposeAsync()
    {
        if (!HasFailed && await Opening is { Succeeded: true } opened)
        {
            await opened.Value.DisposeAsync();
        }
    }

    private async Task<Outcome<DynamicBatcher>> WatchAsync(Task<Outcome<DynamicBatcher>> opening)
    {
        try
        {
            var opened = await opening;
            _hasFailed = !opened.Succeeded;
            return opened;
        }
        catch
        {
            _hasFailed = true;
            throw;
        }
    }
}
