namespace CnnService.Web.Monitoring;

/// <summary>
/// Allows one labelling at a time, so that an image labelled by two concurrent requests is added to a data set only once.
/// </summary>
internal sealed class LabelLock : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Waits for the lock; disposing the result releases it.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        return new Releaser(_one);
    }

    public void Dispose() => _one.Dispose();

    private sealed class Releaser(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
