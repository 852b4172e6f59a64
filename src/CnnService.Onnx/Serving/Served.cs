using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>A version that is loaded or being loaded.</summary>
/// <param name="plan">How its requests are batched.</param>
/// <param name="bytes">What it is reckoned at.</param>
/// <param name="batcher">Its loading.</param>
internal sealed class Served(BatchingPlan plan, long bytes, Task<Outcome<DynamicBatcher>> batcher) : IAsyncDisposable
{
    private int _inside;

    public BatchingPlan Plan => plan;

    public long Bytes => bytes;

    public Task<Outcome<DynamicBatcher>> Batcher => batcher;

    // Changed under the lock of its owner; read without it, it may be one behind.
    public int Users { get; set; }

    public bool Retired { get; set; }

    public long LastUse { get; set; }

    public bool HasFailed => batcher.IsCompleted && !(batcher.IsCompletedSuccessfully && batcher.GetAwaiter().GetResult().Succeeded);

    /// <summary>Takes places for pictures, all or none; more than there are only where nobody waits.</summary>
    public bool TryTake(int pictures)
    {
        for (var inside = Volatile.Read(ref _inside); inside == 0 || inside + pictures <= plan.MaxQueueSize;)
        {
            var seen = Interlocked.CompareExchange(ref _inside, inside + pictures, inside);
            if (seen == inside)
            {
                return true;
            }

            inside = seen;
        }

        return false;
    }

    public void GiveBack(int pictures) => Interlocked.Add(ref _inside, -pictures);

    public async ValueTask DisposeAsync()
    {
        if (!HasFailed && await batcher is { Succeeded: true } loaded)
        {
            await loaded.Value.DisposeAsync();
        }
    }
}
