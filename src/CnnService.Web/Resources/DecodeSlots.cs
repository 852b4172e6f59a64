namespace CnnService.Web.Resources;

/// <summary>Decodes no more pictures at once than there are cores; more would only take memory. One a process.</summary>
internal sealed class DecodeSlots : IDisposable
{
    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount, Environment.ProcessorCount);

    public async Task<T> RunAsync<T>(Func<T> decode, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(decode, cancel).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
