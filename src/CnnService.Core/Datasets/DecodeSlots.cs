namespace CnnService.Core.Datasets;

/// <summary>Decodes no more images at once than there are cores; more would only take memory. One a process.</summary>
public sealed class DecodeSlots : IDisposable
{
    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount, Environment.ProcessorCount);

    /// <param name="decode">What takes a core for some milliseconds.</param>
    /// <param name="cancel">Ends the waiting for a core.</param>
    /// <param name="here">By the caller's own thread, where he has nothing else to do meanwhile.</param>
    public async Task<T> RunAsync<T>(Func<T> decode, CancellationToken cancel, bool here = false)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return here ? decode() : await Task.Run(decode, cancel);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
