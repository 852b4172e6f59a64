using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Training.Runs;

public sealed class TimeBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Listener _listener = new();

    /// <summary>10 s before the epochs, 4 s each, 20 s after them.</summary>
    private readonly RunEstimate _estimate =
        new([new(RunPart.Preparing, 10), new(RunPart.Epochs, 40), new(RunPart.Evaluating, 20)])
        {
            EpochSeconds = 4,
            StepSecondsPerImage = 0.04,
        };

    [Fact]
    public void SecondsLeft_KeepsWhatComesAfterTrainingBack()
    {
        var clock = Clock(100);
        clock.Begin(RunPart.Preparing);
        _time.Advance(TimeSpan.FromSeconds(10));
        clock.Begin(RunPart.Epochs);

        Assert.Equal(100 - 10 - (1.1 * 20), clock.SecondsLeft, 1e-9);
        Assert.Equal(17, clock.EpochsThatFit(30, null)); // 68 s.
        Assert.Equal(5, clock.EpochsThatFit(5, null));
    }

    [Fact]
    public void EpochsThatFit_OnAMachineThatIsSlowerThanExpected_AreFewer_AndNotMoreOnAFasterOne()
    {
        var (slow, fast) = (Clock(100), Clock(100));
        slow.Begin(RunPart.Preparing);
        fast.Begin(RunPart.Preparing);
        fast.Begin(RunPart.Epochs);
        Assert.Equal(19, fast.EpochsThatFit(30, null)); // 78 s.
        _time.Advance(TimeSpan.FromSeconds(20));
        slow.Begin(RunPart.Epochs);

        Assert.Equal(4, slow.EpochsThatFit(30, null)); // 100 - 20 - 44 = 36 s, 8 s each.
    }

    /// <summary>For the epochs and for what follows them; the part before took its time for another reason.</summary>
    [Theory]
    [InlineData(0.02, 34)] // (100 - 20 - 1.1 * 0.5 * 20) / (0.5 * 4)
    [InlineData(0.08, 4)]
    [InlineData(0.0001, 100)] // Not less than a tenth.
    public void EpochsThatFit_WhereAStepWasMeasured_GoesByIt(double perImage, int epochs)
    {
        var clock = Clock(100);
        clock.Begin(RunPart.Preparing);
        _time.Advance(TimeSpan.FromSeconds(20));
        clock.Begin(RunPart.Epochs);

        Assert.Equal(epochs, clock.EpochsThatFit(100, perImage));
    }

    /// <summary>After the first epoch, by what it took, which is what those that follow, and what comes after them, are taken to.</summary>
    [Theory]
    [InlineData(2, 100, 33)] // (100 - 20 - 1.1 * 0.5 * 20 - 2) / 2
    [InlineData(8, 100, 3)] // (100 - 20 - 1.1 * 2 * 20 - 8) / 8
    [InlineData(8, 2, 2)]
    public void EpochsStillFit_GoByTheEpochThatIsDone(double seconds, int wanted, int epochs)
    {
        var clock = Clock(100);
        clock.Begin(RunPart.Preparing);
        _time.Advance(TimeSpan.FromSeconds(20));
        clock.Begin(RunPart.Epochs);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(epochs, clock.EpochsStillFit(wanted, seconds));
    }

    /// <summary>However slow the first part was: fewer epochs follow then.</summary>
    [Fact]
    public void Part_OnASlowMachine_TellsNoMoreTimeLeftThanTheBudget()
    {
        var clock = Clock(100);
        clock.Begin(RunPart.Preparing);
        _time.Advance(TimeSpan.FromSeconds(40));

        clock.Begin(RunPart.Epochs);

        Assert.Equal(60, _listener.Parts[^1].SecondsLeft, 1e-9);
    }

    /// <summary>The fit was the first epoch; of ten in steps that were asked for, four are done.</summary>
    [Fact]
    public void Decided_FewerEpochs_AreWhatProgressIsAShareOf()
    {
        var clock = Clock(100);
        var observer = new ClockedObserver(_listener, clock);
        clock.Begin(RunPart.Epochs);
        clock.Decided(4);
        _time.Advance(TimeSpan.FromSeconds(8));
        observer.Step(new StepProgress(Epoch: 3, Step: 10, Steps: 10, 1, 1));

        var part = _listener.Parts[^1];
        Assert.Equal((0.5, (int?)5), (part.Share, part.Epochs));
        Assert.Equal(8 + 20, part.SecondsLeft, 1e-9); // As long again, then the evaluation.
    }

    [Fact]
    public void EndsEarly_WhenTheTimeForTrainingIsOver_IsTrue()
    {
        var clock = Clock(50);
        var observer = new ClockedObserver(new Listener(), clock);
        observer.Begin(RunPart.Preparing);
        _time.Advance(TimeSpan.FromSeconds(10));
        observer.Begin(RunPart.Epochs);

        Assert.False(observer.EndsEarly);
        _time.Advance(TimeSpan.FromSeconds(17.9));
        Assert.False(observer.EndsEarly);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(observer.EndsEarly);
    }

    [Fact]
    public void EpochsThatFit_WithoutABudget_AreThoseWanted() => Assert.Equal(
        (30, double.PositiveInfinity), (Clock(null).EpochsThatFit(30, null), Clock(null).SecondsLeft));

    /// <summary>100 training and 50 validation images of 0.4 ms each, 100 decoded a second: 5.1 s besides epochs of 60 ms.</summary>
    [Theory]
    [InlineData("00:01:00", null)]
    [InlineData("00:00:03", "00:00:06")]
    public void Check_ABudgetThatCannotBeKept_NamesTheSmallest(string budget, string? smallest)
    {
        var training = Plan(new { dataset = "d", epochs = 5, timeBudget = budget });

        var problem = TimeBudgetCheck.Check(training, Some.Dataset(train: 100, validation: 50), Fast);

        Assert.Equal(smallest, problem?.Data["smallest"]);
        Assert.Equal(smallest is null ? null : "training.time-budget", problem?.Code);
    }

    [Fact]
    public void Create_MoreEpochsThanTheBudgetHasTimeFor_ExpectsThoseThatFit()
    {
        var training = Plan(new { dataset = "d", epochs = 10_000, timeBudget = "00:00:10" });

        var estimate = RunEstimate.Create(training, Some.Dataset(train: 100, validation: 50), Fast);

        Assert.InRange(estimate.Seconds, 9.9, 10);
    }

    [Theory]
    [InlineData("\"00:00:00\"", "must be from 00:00:01")]
    [InlineData("\"ten minutes\"", "must be hours, minutes and seconds")]
    [InlineData("600", "must be hours, minutes and seconds")]
    public void Read_ABudgetThatIsNone_SaysHowItIsWritten(string budget, string rule)
    {
        var errors = new ValidationErrors();
        using var json = JsonDocument.Parse($$"""{"dataset":"d","timeBudget":{{budget}}}""");

        TrainRequestReader.Read(json.RootElement, errors);

        Assert.Contains(rule, Some.Text(errors), StringComparison.Ordinal);
    }

    private RunClock Clock(double? seconds) =>
        new(_listener, _estimate, _time, new(1, 10), seconds is { } budget ? _time.GetUtcNow().AddSeconds(budget) : null);

    private static PlannedTraining Plan(object request)
    {
        var errors = new ValidationErrors();
        var read = TrainRequestReader.Read(JsonSerializer.SerializeToElement(request), errors)!;
        var setting = new PlanSetting("r", "data", TimeSpan.FromMinutes(1), 0) { Now = DateTimeOffset.UnixEpoch };
        return TrainPlanner.Plan(read, Some.Dataset(train: 100, validation: 50), setting, errors)!;
    }

    private static MachineSpeed Fast { get; } = new()
    {
        Training = double.PositiveInfinity,
        Serving = double.PositiveInfinity,
        Exact = double.PositiveInfinity,
        DecodedPerSecond = 100,
    };
}
