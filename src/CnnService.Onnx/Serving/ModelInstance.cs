using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A version in memory or being loaded: its bounded queue, its sessions once they are open, and its statistics. Thread safe. Dispose it
/// when no caller is left; this frees the sessions.
/// </summary>
/// <param name="model">The version to serve.</param>
/// <param name="plan">Batching of its requests.</param>
/// <param name="statistics">Not owned: they outlive the instance.</param>
/// <param name="opening">The running task that opens the sessions.</param>
internal sealed class ModelInstance(
    LoadedModel model, BatchingPlan plan, ServingStatistics statistics, Task<Outcome<DynamicBatcher>> opening) : IAsyncDisposable
{
    private int _images;
    private int _callers;

    public LoadedModel Model => model;

    public BatchingPlan Plan => plan;

    public ServingStatistics Statistics => statistics;

    public Task<Outcome<DynamicBatcher>> Opening => opening;

    /// <summary>Estimated memory of the loaded version, in bytes.</summary>
    public long Bytes { get; } = VersionLoader.MemoryOf(model, plan);

    /// <summary>Callers at present, including those still decoding.</summary>
    public int Callers => Volatile.Read(ref _callers);

    public bool HasFailed => opening.IsCompleted && !(opening.IsCompletedSuccessfully && opening.GetAwaiter().GetResult().Succeeded);

    /// <summary>
    /// Reserves queue places for images, all or none. A request larger than the queue is accepted while the queue is empty.
    /// </summary>
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
