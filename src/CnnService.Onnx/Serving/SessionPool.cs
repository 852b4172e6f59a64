namespace CnnService.Onnx.Serving;

/// <summary>A network and how many runs of it may go at once. Who enters leaves. Dispose it when it is closed: it frees the
/// network.</summary>
/// <param name="network">Taken over.</param>
/// <param name="runs">At once.</param>
internal sealed class SessionPool(OnnxNetwork network, int runs) : IDisposable
{
    private readonly SemaphoreSlim _free = new(runs, runs);

    public OnnxNetwork Network => network;

    public int Runs => runs;

    /// <summary>False where all runs are taken, or waited for.</summary>
    public bool TryEnter() => _free.Wait(0, CancellationToken.None);

    public Task EnterAsync() => _free.WaitAsync();

    public void Leave() => _free.Release();

    /// <summary>Waits for the last run; nobody enters from then on.</summary>
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
