using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Work;

/// <summary>On a clock that stands still but for what a test advances it by.</summary>
public sealed class LeaseRenewalTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Turn = Lease / 5;

    private readonly CountingClock _clock = new();
    private readonly SemaphoreSlim _asked = new(0);

    private Func<CancellationToken, Task<bool>> _renew = _ => Task.FromResult(true);
    private int _renewals;

    public void Dispose() => _asked.Dispose();

    [Fact]
    public async Task Renewal_EachFifthOfTheLease_ProlongsIt()
    {
        await using var keeper = Keep();
        var beats = new List<long>();
        keeper.Renewed += beats.Add;

        await TurnsAsync(12);

        Assert.Equal(12, _renewals);
        Assert.True(keeper.Gate.IsOpen);
        Assert.Equal(12, beats.Count);
        Assert.Equal(Lease, _clock.GetElapsedTime(_clock.GetTimestamp(), beats[^1]));
        Assert.False(keeper.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Renewal_ThatFindsAnotherOwner_FiresLost()
    {
        _renew = _ => Task.FromResult(_renewals < 3);
        await using var keeper = Keep();
        var lost = LostAsync(keeper);

        await TurnsAsync(3, goesOn: false);

        await lost;
        Assert.Equal(3, _renewals);
    }

    [Fact]
    public async Task Database_ThatIsAwayLongerThanTheLease_ClosesTheGate_AndOpensItWhenItIsBack()
    {
        var isAway = true;
        _renew = _ => isAway ? throw new StoreUnavailableException("away", new TimeoutException()) : Task.FromResult(true);
        await using var keeper = Keep();

        await TurnsAsync(4);
        Assert.True(keeper.Gate.IsOpen);
        await TurnsAsync(1);
        Assert.False(keeper.Gate.IsOpen);

        isAway = false;
        await TurnsAsync(1);
        Assert.True(keeper.Gate.IsOpen);
        Assert.False(keeper.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Renewal_ThatHangs_DoesNotOutliveTheLease_AndIsAskedAgain()
    {
        var hangs = new TaskCompletionSource<bool>();
        var cancelled = new TaskCompletionSource();
        _renew = cancel =>
        {
            cancel.Register(() => cancelled.TrySetResult());
            return hangs.Task;
        };
        await using var keeper = Keep();
        await TurnsAsync(1, goesOn: false);

        _clock.Advance(Lease - Turn);

        Assert.False(keeper.Gate.IsOpen);
        await cancelled.Task;
        _renew = _ => Task.FromResult(true);
        await TurnsAsync(1);
        Assert.True(keeper.Gate.IsOpen);
    }

    [Fact]
    public async Task Renewal_ThatIsSlow_CountsFromWhenItWasAskedFor()
    {
        var answer = new TaskCompletionSource<bool>();
        _renew = _ => answer.Task;
        await using var keeper = Keep();
        var renewed = new TaskCompletionSource<long>();
        keeper.Renewed += renewed.SetResult;
        await TurnsAsync(1, goesOn: false);
        var asked = _clock.GetTimestamp();

        _clock.Advance(Turn);
        answer.SetResult(true);

        Assert.Equal(Lease, _clock.GetElapsedTime(asked, await renewed.Task));
    }

    [Fact]
    public async Task Gate_WhereNobodyElseCanClaim_StaysOpenHoweverLongTheDatabaseIsAway()
    {
        _renew = _ => throw new StoreUnavailableException("away", new TimeoutException());
        await using var keeper = Keep(isAlone: true);

        await TurnsAsync(20);

        Assert.True(keeper.Gate.IsOpen);
        Assert.Equal(long.MaxValue, keeper.Until);
    }

    [Fact]
    public async Task Gate_ThatIsClosed_HoldsWhoeverPasses_UntilItIsRenewed()
    {
        using var gate = new LeaseGate(_clock);
        var passed = Task.Factory.StartNew(
            () => gate.Pass(CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(passed.IsCompleted);

        gate.Extend(_clock.GetTimestamp() + _clock.TimestampFrequency);

        await passed;
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Throws<OperationCanceledException>(() => gate.Pass(stop.Token));
    }

    private LeaseRenewal Keep(bool isAlone = false) => new(
        async cancel =>
        {
            _renewals++;
            while (_clock.Delays.Wait(0, cancel))
            {
                // The timer that bounds this renewal is none of the keeper's turns.
            }

            _asked.Release();
            return await _renew(cancel);
        },
        Lease,
        _clock.GetTimestamp(),
        isAlone,
        _clock);

    /// <summary>So many renewals, one after the other.</summary>
    /// <param name="turns">At least one.</param>
    /// <param name="goesOn">The keeper waits for its next turn after the last of them.</param>
    private async Task TurnsAsync(int turns, bool goesOn = true)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            await _clock.Delays.WaitAsync();
            _clock.Advance(Turn);
            await _asked.WaitAsync();
        }

        if (goesOn)
        {
            await _clock.Delays.WaitAsync();
            _clock.Delays.Release();
        }
    }

    private static async Task LostAsync(LeaseRenewal keeper)
    {
        var lost = new TaskCompletionSource();
        await using var _ = keeper.Lost.Register(lost.SetResult);
        await lost.Task;
    }

    /// <summary>Tells of the timers that are made, since time must not go on before the keeper waits for it.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        public SemaphoreSlim Delays { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Delays.Release();
            return timer;
        }
    }
}
