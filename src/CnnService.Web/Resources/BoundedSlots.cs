using CnnService.Core.Common;

namespace CnnService.Web.Resources;

/// <summary>Work of which only so much is done at once, and only so much may wait; more is answered 503 at once.</summary>
/// <param name="atOnce">Done at once.</param>
/// <param name="mostWaiting">Waiting for its turn.</param>
/// <param name="full">The answer to what is too much.</param>
internal abstract class BoundedSlots(int atOnce, int mostWaiting, Problem full) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce, atOnce);
    private int _inside;

    /// <summary>Runs it on a thread of the pool when its turn comes; a caller who goes away gives up the place.</summary>
    public async Task<Outcome<T>> RunAsync<T>(Func<Outcome<T>> work, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > atOnce + mostWaiting)
            {
                return full with { RetryAfter = TimeSpan.FromSeconds(1) };
            }

            await _free.WaitAsync(cancel);
            try
            {
                return await Task.Run(work, cancel);
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _free.Dispose();
}
