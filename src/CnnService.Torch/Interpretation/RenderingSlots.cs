using CnnService.Torch.Native;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The few places at which patterns are drawn, for all requests together. Whoever holds one computes on a single thread:
/// two images side by side keep two cores busier than one image on both, its bytes do not depend on the number of cores, and
/// on a busy machine no thread waits at a barrier for one that has no core.
/// </summary>
/// <param name="runtime">Whose libtorch computes; loaded with the first work.</param>
internal sealed class RenderingSlots(TorchRuntime runtime) : IDisposable
{
    /// <summary>Places.</summary>
    internal const int Count = 2;

    private readonly SemaphoreSlim _free = new(Count);
    private readonly Lazy<OpenMp> _openMp = new(() => new(runtime.Require().Folder));

    /// <summary>Waits for a place without a thread, and does the work there on a thread of its own: it takes seconds.</summary>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    internal async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return await Task.Factory.StartNew(
                () => _openMp.Value.OnOneThread(work), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Blocks until there is a place, and does the work there.</summary>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    internal T Run<T>(Func<T> work, CancellationToken cancel)
    {
        _free.Wait(cancel);
        try
        {
            return _openMp.Value.OnOneThread(work);
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
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Count, CancellationToken = cancel };
        Parallel.For(0, items.Count, parallel, i => results[i] = Run(() => work(items[i]), cancel));
        return results;
    }

    public void Dispose() => _free.Dispose();
}
