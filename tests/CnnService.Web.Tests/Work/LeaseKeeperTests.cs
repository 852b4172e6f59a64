using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Work;

public sealed class LeaseKeeperTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    /// <summary>Goes on by a fifth of the lease with each renewal, however slow the machine.</summary>
    private readonly FakeTimeProvider _clock = new();

    private int _renewals;

    [Fact]
    public async Task Renewals_WhileTheClaimHolds_GoOnUntilDisposed()
    {
        using (var keeper = Keep(() => true))
        {
            await ReachesAsync(4);
            Assert.False(keeper.Lost.IsCancellationRequested);
        }

        var after = _renewals;
        await Task.Delay(Lease);
        Assert.Equal(after, _renewals);
    }

    [Fact]
    public async Task Renewal_ThatFindsAnotherOwner_FiresLost()
    {
        using var keeper = Keep(() => _renewals < 3);

        await LostAsync(keeper);

        Assert.Equal(3, _renewals);
        Assert.Null(keeper.Fault);
    }

    [Fact]
    public async Task Database_ThatComesBackWithinTheLease_LosesNothing()
    {
        using var keeper = Keep(() => _renewals == 2 ? throw new StoreUnavailableException("away", new TimeoutException()) : true);

        await ReachesAsync(4);

        Assert.False(keeper.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Database_ThatStaysAwayLongerThanTheLease_FiresLost()
    {
        using var keeper = Keep(() => throw new StoreUnavailableException("away", new TimeoutException()));

        await LostAsync(keeper);

        Assert.IsType<StoreUnavailableException>(keeper.Fault);
        Assert.Equal(6, _renewals); // At 1/5 … 5/5 of the lease it is asked again, at 6/5 it is given up.
    }

    [Fact]
    public async Task Fault_OfAnotherKind_FiresLostAndIsKept()
    {
        using var keeper = Keep(() => throw new InvalidOperationException("a bug"));

        await LostAsync(keeper);

        Assert.IsType<InvalidOperationException>(keeper.Fault);
    }

    private LeaseKeeper Keep(Func<bool> renew) => new(
        () =>
        {
            Interlocked.Increment(ref _renewals);
            _clock.Advance(Lease / 5);
            return Task.FromResult(renew());
        },
        Lease,
        _clock);

    private async Task ReachesAsync(int renewals)
    {
        for (var waited = TimeSpan.Zero; Volatile.Read(ref _renewals) < renewals; waited += TimeSpan.FromMilliseconds(10))
        {
            Assert.True(waited < Long, $"only {_renewals} renewals");
            await Task.Delay(10);
        }
    }

    private static async Task LostAsync(LeaseKeeper keeper)
    {
        var lost = new TaskCompletionSource();
        await using var _ = keeper.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(Long);
    }
}
