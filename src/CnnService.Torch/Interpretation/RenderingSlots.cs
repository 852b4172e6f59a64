namespace CnnService.Torch.Interpretation;

/// <summary>
/// The few places at which patterns are drawn, for all requests together. Whoever holds one computes on a single thread:
/// two pictures side by side keep two cores busier than one picture on both, its bytes do not depend on the number of cores, and
/// on a busy machine no thread waits at a barrier for one that has no core.
/// </summary>
/// <param name="count">Places.</param>
/// <param name="openMp">Of the libtorch in use.</param>
internal sealed class RenderingSlots(int count, OpenMp openMp) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for a place and does the work there.</summary>
    internal T Run<T>(Func<T> work, CancellationToken cancel)
    {
        _free.Wait(cancel);
        try
        {
            return openMp.OnOneThread(work);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Does the work for each item, side by side as far as there are places; results in the items' order.</summary>
    internal TResult[] RunAll<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> work, CancellationToken cancel)
    {
        var results = new TResult[items.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = count, CancellationToken = cancel };
        Parallel.For(0, items.Count, parallel, i => results[i] = Run(() => work(items[i]), cancel));
        return results;
    }

    public void Dispose() => _free.Dispose();
}
