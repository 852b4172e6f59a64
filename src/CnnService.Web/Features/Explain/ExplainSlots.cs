using CnnService.Core.Common;

namespace CnnService.Web.Features.Explain;

/// <summary>Explains two pictures at once, and lets a few more wait: each may take seconds of all cores.</summary>
internal sealed class ExplainSlots : IDisposable
{
    private const int AtOnce = 2;
    private const int MostWaiting = 16;

    private readonly SemaphoreSlim _free = new(AtOnce, AtOnce);
    private int _inside;

    /// <summary>Runs it when its turn comes. Problem code: <c>explain.busy</c>.</summary>
    public async Task<Outcome<T>> RunAsync<T>(Func<Outcome<T>> explain, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _inside) > AtOnce + MostWaiting)
            {
                return new Problem(ProblemKind.Unavailable, "explain.busy", $"{MostWaiting} explanations are waiting already.") { RetryAfter = TimeSpan.FromSeconds(2) };
            }

            await _free.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return await Task.Run(explain, cancel).ConfigureAwait(false);
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
