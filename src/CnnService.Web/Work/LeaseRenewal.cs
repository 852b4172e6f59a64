using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Renews a claim until disposed. A renewal never waits longer than the remaining lease. If the database does not answer, it is retried;
/// <see cref="Gate"/> closes as soon as the lease ends, until a renewal under the same fencing number succeeds.
/// </summary>
internal sealed class LeaseRenewal : IAsyncDisposable
{
    private const int RenewalsPerLease = 5;

    private readonly Func<CancellationToken, Task<bool>> _renew;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewing;
    private long _until;

    /// <param name="renew">Extends the claim; returns false if another worker has claimed the row or it was deleted.</param>
    /// <param name="lease">Duration of a claim or renewal.</param>
    /// <param name="claimed">Timestamp of the clock before the claim was requested.</param>
    /// <param name="isAlone">Whether no other process can claim work: the gate then stays open, however long the database
    /// is unavailable.</param>
    /// <param name="clock">Provides monotonic timestamps.</param>
    public LeaseRenewal(Func<CancellationToken, Task<bool>> renew, TimeSpan lease, long claimed, bool isAlone, TimeProvider clock)
    {
        (_renew, _lease, _clock) = (renew, lease, clock);
        Gate = new LeaseGate(clock);
        IsAlone = isAlone;
        Extend(claimed);
        _renewing = RenewUntilDisposedAsync(_over.Token);
    }

    /// <summary>Open while the lease is held.</summary>
    public LeaseGate Gate { get; }

    /// <summary>Signalled when another worker has taken over the work or its row was deleted.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Timestamp of the clock at which the lease ends; <see cref="long.MaxValue"/> if no other process can claim work.</summary>
    public long Until => Interlocked.Read(ref _until);

    /// <summary>Raised after each renewal with the new <see cref="Until"/>.</summary>
    public event Action<long>? Renewed;

    private bool IsAlone { get; }

    /// <summary>Marks the lease as lost.</summary>
    public void MarkLost() => _lost.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        _over.Dispose();
        _lost.Dispose();
        Gate.Dispose();
    }

    private async Task RenewUntilDisposedAsync(CancellationToken over)
    {
        try
        {
            do
            {
                await Task.Delay(_lease / RenewalsPerLease, _clock, over);
            }
            while (await RenewAsync(over));
            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The work has ended.
        }
    }

    /// <summary>False if the claim is lost.</summary>
    private async Task<bool> RenewAsync(CancellationToken over)
    {
        var asked = _clock.GetTimestamp();
        using var limit = new CancellationTokenSource(RenewalTimeout(asked), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, limit.Token);
        try
        {
            if (!await _renew(either.Token).WaitAsync(either.Token))
            {
                return false;
            }

            Extend(asked);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException && !over.IsCancellationRequested)
        {
            // Retried at the next interval; the gate closes by itself when the lease ends.
        }

        return true;
    }

    /// <summary>Timeout of a renewal: the remaining lease or, once it has ended, one interval.</summary>
    private TimeSpan RenewalTimeout(long now)
    {
        var left = IsAlone || Until <= now ? TimeSpan.Zero : _clock.GetElapsedTime(now, Until);
        return left > TimeSpan.Zero ? left : _lease / RenewalsPerLease;
    }

    /// <summary>Counts from before the database was asked, so that the lease never ends earlier than assumed here.</summary>
    private void Extend(long asked)
    {
        var until = IsAlone ? long.MaxValue : asked + (long)(_lease.TotalSeconds * _clock.TimestampFrequency);
        Interlocked.Exchange(ref _until, until);
        Gate.Extend(until);
        Renewed?.Invoke(until);
    }
}
