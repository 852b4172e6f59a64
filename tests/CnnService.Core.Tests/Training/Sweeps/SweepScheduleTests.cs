using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Tests.Training.Sweeps;

/// <summary>A letter is a trial: waiting, active, succeeded, failed or cancelled.</summary>
public sealed class SweepScheduleTests
{
    [Theory]
    [InlineData("www", 2, new[] { 1, 2 })]
    [InlineData("aww", 2, new[] { 2 })]
    [InlineData("aaw", 2, new int[0])]
    [InlineData("aaaw", 2, new int[0])] // More than allowed, as after a resumed run.
    [InlineData("sfcww", 1, new[] { 4 })]
    [InlineData("w", 64, new[] { 1 })]
    public void Next_FillsTheFreePlacesInOrder(string trials, int parallel, int[] queued)
    {
        var step = SweepSchedule.Next(Trials(trials), parallel, cancelRequested: false);

        Assert.Equal(queued, step.Queue);
        Assert.Equal(SweepState.Running, step.State);
    }

    [Fact]
    public void Next_OfTrialsInAnyOrder_QueuesTheLowestNumbers() =>
        Assert.Equal([1, 2], SweepSchedule.Next([.. Trials("wwww").Reverse()], 2, cancelRequested: false).Queue);

    [Theory]
    [InlineData("fsc", SweepState.Succeeded)]
    [InlineData("cfc", SweepState.Failed)]
    [InlineData("cc", SweepState.Cancelled)]
    [InlineData("", SweepState.Cancelled)]
    public void Next_WithoutATrialLeft_EndsTheSweep(string trials, SweepState end)
    {
        var step = SweepSchedule.Next(Trials(trials), 4, cancelRequested: false);

        Assert.Empty(step.Queue);
        Assert.Equal(end, step.State);
    }

    [Theory]
    [InlineData("saw", SweepState.Running)] // The active trial is waited for.
    [InlineData("scw", SweepState.Cancelled)]
    [InlineData("www", SweepState.Cancelled)]
    public void Next_WhileCancelling_QueuesNothing(string trials, SweepState state)
    {
        var step = SweepSchedule.Next(Trials(trials), 4, cancelRequested: true);

        Assert.Empty(step.Queue);
        Assert.Equal(state, step.State);
    }

    [Fact]
    public void Next_WithoutAPlace_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SweepSchedule.Next(Trials("w"), 0, cancelRequested: false));

    private static ScheduledTrial[] Trials(string letters) => [.. letters.Select((letter, i) => new ScheduledTrial(i + 1, letter switch
    {
        'w' => TrialPhase.Waiting,
        'a' => TrialPhase.Active,
        's' => TrialPhase.Succeeded,
        'f' => TrialPhase.Failed,
        _ => TrialPhase.Cancelled,
    }))];
}
