using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Renews a claim until it is disposed. No renewal is waited for longer than the lease still holds; a database that does not answer is
/// asked again, and <see cref="Gate"/> is closed as soon as the lease is over, until a renewal under the same fencing number succeeds.
/// </summary>
internal sealed class LeaseRenewal : IAsyncDisposable
{
    private const int RenewalsALease = 5;

    private readonly Func<CancellationToken, Task<bool>> _renew;
    private readonly TimeSpan _lease;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _keeping;
    private long _until;

    /// <param name="renew">Prolongs the claim; false where another has it.</param>
    /// <param name="lease">How long a claim or renewal holds.</param>
    /// <param name="claimed">The clock's timestamp before the claim was asked for.</param>
    /// <param name="isAlone">Nobody else can claim work: the gate stays open, however long the database is away.</param>
    /// <param name="clock">Monotonic time.</param>
    public LeaseRenewal(Func<CancellationToken, Task<bool>> renew, TimeSpan lease, long claimed, bool isAlone, TimeProvider clock)
    {
        (_renew, _lease, _clock) = (renew, lease, clock);
        Gate = new LeaseGate(clock);
        IsAlone = isAlone;
        Extend(claimed);
        _keeping = KeepAsync(_over.Token);
    }

    /// <summary>Open while the lease holds.</summary>
    public LeaseGate Gate { get; }

    /// <summary>Fires when another worker has the work, or the work is gone.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The clock's timestamp at which the lease ends; the highest there is where nobody else can claim work.</summary>
    public long Until => Interlocked.Read(ref _until);

    /// <summary>Called after each renewal, with <see cref="Until"/>.</summary>
    public event Action<long>? Renewed;

    private bool IsAlone { get; }

    /// <summary>The lease is known to be lost.</summary>
    public void Lose() => _lost.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _keeping;
        _over.Dispose();
        _lost.Dispose();
        Gate.Dispose();
    }

    private async Task KeepAsync(CancellationToken over)
    {
        try
        {
            do
            {
                await Task.Delay(_lease / RenewalsALease, _clock, over);
            }
            while (await RenewAsync(over));
            await _lost.CancelAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The work is over.
        }
    }

    /// <summary>False where the claim is lost.</summary>
    private async Task<bool> RenewAsync(CancellationToken over)
    {
        var asked = _clock.GetTimestamp();
        using var limit = new CancellationTokenSource(Patience(asked), _clock);
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
            // Asked again at the next turn; the gate closes by itself when the lease is over.
        }

        return true;
    }

    /// <summary>What is left of the lease; once it is over, a turn.</summary>
    private TimeSpan Patience(long now)
    {
        var left = IsAlone || Until <= now ? TimeSpan.Zero : _clock.GetElapsedTime(now, Until);
        return left > TimeSpan.Zero ? left : _lease / RenewalsALease;
    }

    /// <summary>Counted from before the database was asked: it never holds shorter than is thought here.</summary>
    private void Extend(long asked)
    {
        var until = IsAlone ? long.MaxValue : asked + (long)(_lease.TotalSeconds * _clock.TimestampFrequency);
        Interlocked.Exchange(ref _until, until);
        Gate.Extend(until);
        Renewed?.Invoke(until);
    }
}
