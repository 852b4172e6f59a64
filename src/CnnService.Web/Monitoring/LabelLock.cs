namespace CnnService.Web.Monitoring;

/// <summary>One labelling at a time, so that an image labelled twice at once goes into a data set once.</summary>
internal sealed class LabelLock : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Dispose what it gives to end the turn.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        return new Turn(_one);
    }

    public void Dispose() => _one.Dispose();

    private sealed class Turn(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
