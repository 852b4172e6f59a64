using CnnService.Core.Training;
using CnnService.Core.Training.Runs;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Training.Runs;

public sealed class RunClockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Listener _listener = new();
    private readonly RunClock _clock;

    public RunClockTests() => _clock = new(
        _listener,
        new([new(RunPart.Preparing, 10), new(RunPart.Epochs, 100), new(RunPart.Evaluating, 30), new(RunPart.Publishing, 10)]), _time,
        new(0, 10));

    private PartProgress Last => _listener.Parts[^1];

    [Fact]
    public void Begin_TheFirstPart_ExpectsEverything()
    {
        _clock.Begin(RunPart.Preparing);

        Assert.Equal(new PartProgress(RunPart.Preparing, 0, 0, 150, 0), Last);
    }

    [Fact]
    public void Advance_ByItsOwnSpeed_CorrectsTheExpectation()
    {
        _clock.Begin(RunPart.Preparing);
        Pass(10);
        _clock.Begin(RunPart.Epochs);
        Pass(50);
        _clock.Advance(RunPart.Epochs, 0.25, images: 500);

        // A quarter took 50 s: 150 s more, then the 40 s that are expected.
        Assert.Equal((RunPart.Epochs, 0.25, 190.0, 10.0), (Last.Part, Last.Share, Last.SecondsLeft, Last.ImagesPerSecond));
        Assert.Equal(60 / 250.0, Last.Fraction, 1e-9);
    }

    [Fact]
    public void Begin_AfterAPartThatTookThreeTimesAsLong_ExpectsAsMuchOfTheRest()
    {
        _clock.Begin(RunPart.Preparing);
        Pass(30);
        _clock.Begin(RunPart.Epochs);

        Assert.Equal(3 * 140, Last.SecondsLeft, 1e-9);
    }

    [Fact]
    public void Advance_OfAResumedRun_CountsWhatItHasGainedItself()
    {
        _clock.Advance(RunPart.Epochs, 0.5);
        Pass(20);
        _clock.Advance(RunPart.Epochs, 0.75);

        Assert.Equal(20 + 40, Last.SecondsLeft, 1e-9);
    }

    [Fact]
    public void Fraction_NeverFalls_AndThereIsTimeLeftUntilTheEnd()
    {
        _clock.Begin(RunPart.Preparing);
        Pass(10);
        foreach (var (share, seconds) in new[] { (0.1, 1.0), (0.2, 1), (0.3, 60), (0.6, 300), (1, 1) })
        {
            Pass(seconds);
            _clock.Advance(RunPart.Epochs, share);
        }

        Pass(2);
        _clock.Begin(RunPart.Evaluating);
        Pass(100);
        _clock.Advance(RunPart.Evaluating, 0.001);
        _clock.Begin(RunPart.Publishing);

        var fractions = _listener.Parts.Select(part => part.Fraction).ToArray();
        Assert.Equal(fractions.Order(), fractions);
        Assert.All(_listener.Parts, part => Assert.InRange(part.SecondsLeft, 10, double.MaxValue));
        Assert.InRange(fractions[^1], 0.9, 0.999);
    }

    [Fact]
    public void Advance_OftenerThanFourTimesASecond_IsNotTold()
    {
        _clock.Begin(RunPart.Epochs);
        for (var i = 1; i < 100; i++)
        {
            Pass(0.01);
            _clock.Advance(RunPart.Epochs, i / 1000.0);
        }

        Assert.InRange(_listener.Parts.Count, 4, 5);
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
