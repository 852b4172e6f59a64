using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A version in memory, or on the way there: its bounded queue, the sessions behind it once they are open, and what it has come to.
/// Thread safe. Dispose it when nobody uses it: that frees the sessions.
/// </summary>
/// <param name="model">The version.</param>
/// <param name="plan">How its requests are batched.</param>
/// <param name="statistics">Outlive the instance.</param>
/// <param name="opening">Of the sessions; runs already.</param>
internal sealed class ModelInstance(
    LoadedModel model, BatchingPlan plan, ServingStatistics statistics, Task<Outcome<DynamicBatcher>> opening) : IAsyncDisposable
{
    private int _images;
    private int _callers;

    public LoadedModel Model => model;

    public BatchingPlan Plan => plan;

    public ServingStatistics Statistics => statistics;

    public Task<Outcome<DynamicBatcher>> Opening => opening;

    /// <summary>What it is reckoned at.</summary>
    public long Bytes { get; } = VersionLoader.MemoryOf(model, plan);

    /// <summary>Who uses it now, those who are still decoding among them.</summary>
    public int Callers => Volatile.Read(ref _callers);

    public bool HasFailed => opening.IsCompleted && !(opening.IsCompletedSuccessfully && opening.GetAwaiter().GetResult().Succeeded);

    /// <summary>Takes places for images, all or none; more than there are only where nobody waits.</summary>
    public bool TryReserve(int images)
    {
        for (var taken = Volatile.Read(ref _images); taken == 0 || taken + images <= plan.MaxQueueSize;)
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
        if (!HasFailed && await opening is { Succeeded: true } opened)
        {
            await opened.Value.DisposeAsync();
        }
    }
}
