using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Renews a claim on a thread of its own above normal priority, so that a busy machine does not look like a dead one; ends
/// the work when the claim is lost. A database that does not answer is asked again until the lease would have run out.
/// </summary>
internal sealed class LeaseKeeper : IDisposable
{
    private readonly Func<Task<bool>> _renew;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;

    /// <param name="renew">Prolongs the claim; false where another has it.</param>
    /// <param name="lease">How long a claim holds; renewed five times as often.</param>
    /// <param name="clock">Monotonic time.</param>
    public LeaseKeeper(Func<Task<bool>> renew, TimeSpan lease, TimeProvider clock)
    {
        (_renew, _lease, _clock) = (renew, lease, clock);
        _thread = new Thread(Loop) { IsBackground = true, Name = "lease", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Fires when another worker has the work, or nobody knows whether one has.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it was given up, where the reason is a fault and not another worker.</summary>
    public Exception? Fault { get; private set; }

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        _over.Dispose();
        if (!_lost.IsCancellationRequested)
        {
            _lost.Dispose(); // Else its callbacks may still be under way; it holds nothing that must be freed.
        }
    }

    private void Loop()
    {
        try
        {
            Keep();
        }
        catch (Exception fault) // Nothing stands above a thread: what is not told to the work would end the whole service.
        {
            Fault = fault;
        }

        if (!_over.IsSet)
        {
            _ = _lost.CancelAsync(); // Not on this thread: what hears of it may dispose this keeper, which waits for the thread.
        }
    }

    /// <summary>Until the work is over or the claim is lost.</summary>
    private void Keep()
    {
        var renewed = _clock.GetTimestamp();
        while (!_over.Wait(_lease / 5))
        {
            try
            {
                if (!_renew().GetAwaiter().GetResult()) // A thread of its own may block.
                {
                    return;
                }

                renewed = _clock.GetTimestamp();
            }
            catch (StoreUnavailableException) when (_clock.GetElapsedTime(renewed) <= _lease)
            {
                // Asked again at the next turn.
            }
        }
    }
}
