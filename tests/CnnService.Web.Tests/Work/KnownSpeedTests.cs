using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Work;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Work;

public sealed class KnownSpeedTests : IDisposable
{
    private static readonly MachineSpeed Measured = MachineSpeed.Typical(1) with { Training = 12345 };

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private TaskCompletionSource<MachineSpeed?> _timing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KnownSpeed _speed;
    private int _timings;
    private double _load;

    public KnownSpeedTests() => _speed = new(new DataFolders(_folder.Path), Time, _clock, () => _load);

    public void Dispose()
    {
        _speed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, 0, false)] // The system does not tell.
    [InlineData(1, 0.1, false)]
    [InlineData(3, 2.5, false)]
    [InlineData(3, 2, true)]
    public void IsToBeTimedAgain_WhereItWasBusyAndIsLessSo(double then, double now, bool expected) =>
        Assert.Equal(expected, KnownSpeed.IsToBeTimedAgain(then, now));

    [Fact]
    public async Task Get_TimingThatTakesLong_GivesATypicalSpeed_AndTheMeasuredOneLater()
    {
        var waiting = _speed.GetAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(MachineSpeed.Typical(Environment.ProcessorCount), await waiting);

        var later = _speed.GetAsync(CancellationToken.None);
        _timing.SetResult(Measured);

        Assert.Equal(Measured.Training, (await later).Training);
        Assert.Equal(Measured.Training, _speed.Find()?.Training);
        Assert.Equal(1, _timings);
        using var again = new KnownSpeed(new DataFolders(_folder.Path), Time, _clock, () => _load);
        Assert.Equal(Measured.Training, again.Find()?.Training);
    }

    [Fact]
    public async Task Get_CallerThatLeaves_DoesNotEndTheTiming()
    {
        using var leaves = new CancellationTokenSource();
        var first = _speed.GetAsync(leaves.Token);
        var second = _speed.GetAsync(CancellationToken.None);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _timing.SetResult(Measured);

        Assert.Equal(Measured.Training, (await second).Training);
        Assert.Equal(1, _timings);
    }

    [Fact]
    public async Task Get_TimingThatFailed_IsTriedAgainAfterAWhileOnly()
    {
        _timing.SetResult(null);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(MachineSpeed.Typical(Environment.ProcessorCount), await _speed.GetAsync(CancellationToken.None));
        }

        Assert.Equal(1, _timings);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _speed.GetAsync(CancellationToken.None);
        Assert.Equal(2, _timings);
    }

    /// <summary>Who only wants to know does not wait for a better timing; who plans by it does.</summary>
    [Fact]
    public async Task Get_TimedOnABusierMachine_GivesThatTiming_WhileANewOneIsMade()
    {
        _load = 4;
        _timing.SetResult(Measured);
        await _speed.GetAsync(CancellationToken.None);
        _load = 0;
        _timing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(Measured.Training, (await _speed.GetAsync(CancellationToken.None)).Training);
        var current = _speed.GetCurrentAsync(CancellationToken.None);
        Assert.False(current.IsCompleted);
        _timing.SetResult(Measured with { Training = 99 });

        Assert.Equal(99, (await current).Training);
        Assert.Equal((2, 99), (_timings, (await _speed.GetAsync(CancellationToken.None)).Training));
    }

    private Task<MachineSpeed?> Time(CancellationToken ending)
    {
        _timings++;
        return _timing.Task;
    }
}
