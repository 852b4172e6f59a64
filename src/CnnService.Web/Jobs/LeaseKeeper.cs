using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Jobs;

/// <summary>
/// Renews a claim on a thread of its own above normal priority, so that a busy machine does not look like a dead one; ends
/// the work when the claim is lost. A database that does not answer is asked again until the lease would have run out.
/// </summary>
internal sealed class LeaseKeeper : IDisposable
{
    private readonly RunClaim _claim;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    public LeaseKeeper(RunClaim claim, TimeSpan lease, TimeProvider clock)
    {
        (_claim, _lease, _clock) = (claim, lease, clock);
        _thread = new Thread(Loop) { IsBackground = true, Name = "lease", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Fires when another worker has the run, or nobody knows whether one has.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _lost.Dispose();
        _over.Dispose();
    }

    private void Loop()
    {
        var renewed = _clock.GetTimestamp();
        while (!_over.Wait(_lease / 5))
        {
            try
            {
                if (!_claim.RenewAsync().GetAwaiter().GetResult()) // A thread of its own may block.
                {
                    _lost.Cancel();
                    return;
                }

                renewed = _clock.GetTimestamp();
            }
            catch (StoreUnavailableException)
            {
                if (_clock.GetElapsedTime(renewed) > _lease)
                {
                    _lost.Cancel();
                    return;
                }
            }
        }
    }
}
