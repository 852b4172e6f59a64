namespace CnnService.Core.Datasets;

/// <summary>
/// Limits concurrent image decoding to the number of cores; more would only cost memory. One instance per process. Thread safe.
/// </summary>
public sealed class DecodeSlots : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount, Environment.ProcessorCount);

    /// <param name="decode">CPU-bound work of some milliseconds.</param>
    /// <param name="cancel">Ends the wait for a slot.</param>
    /// <param name="here">Run on the thread that obtained the slot instead of another one, for callers that have nothing else to
    /// do meanwhile.</param>
    public async Task<T> RunAsync<T>(Func<T> decode, CancellationToken cancel, bool here = false)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            return here ? decode() : await Task.Run(decode, cancel);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
