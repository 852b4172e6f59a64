namespace CnnService.Onnx.Serving;

/// <summary>
/// A network with a bound on its concurrent runs. Every entry is followed by <see cref="Leave"/>. Owns the network; dispose it after
/// <see cref="CloseAsync"/>.
/// </summary>
/// <param name="network">The network; owned.</param>
/// <param name="runs">Most concurrent runs, at least 1.</param>
internal sealed class SessionPool(OnnxNetwork network, int runs) : IDisposable
{
    private readonly SemaphoreSlim _free = new(runs, runs);

    public OnnxNetwork Network => network;

    public int Runs => runs;

    /// <summary>Enters without waiting; false if all runs are taken, or promised to callers that wait.</summary>
    public bool TryEnter() => _free.Wait(0, CancellationToken.None);

    public Task EnterAsync() => _free.WaitAsync();

    public void Leave() => _free.Release();

    /// <summary>Waits for the runs in progress and lets no further ones enter.</summary>
    public async Task CloseAsync()
    {
        for (var i = 0; i < runs; i++)
        {
            await _free.WaitAsync();
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        network.Dispose();
    }
}
