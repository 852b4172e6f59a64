using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Tests.Training.Sweeps;

/// <summary>Against cases worked by hand.</summary>
public sealed class SuccessiveHalvingTests
{
    private const MonitoredMetric Accuracy = MonitoredMetric.ValidationAccuracy;
    private const MonitoredMetric Loss = MonitoredMetric.ValidationLoss;

    [Theory]
    [InlineData(0.1, new[] { 0.1 }, 3, true, 1, 0.1)] // The first to come goes on, however bad.
    [InlineData(0.2, new[] { 0.1, 0.2 }, 3, true, 1, 0.2)] // A new best.
    [InlineData(0.1, new[] { 0.2, 0.1 }, 3, false, 1, 0.2)]
    [InlineData(0.5, new[] { 0.9, 0.7, 0.5, 0.3, 0.2 }, 3, false, 1, 0.9)] // 5 / 3: one.
    [InlineData(0.7, new[] { 0.9, 0.7, 0.5, 0.3, 0.2, 0.1 }, 3, true, 2, 0.7)] // 6 / 3: two.
    [InlineData(0.5, new[] { 0.9, 0.7, 0.5, 0.3, 0.2, 0.1 }, 3, false, 2, 0.7)]
    [InlineData(0.5, new[] { 0.9, 0.7, 0.5, 0.3 }, 2, false, 2, 0.7)]
    [InlineData(0.7, new[] { 0.7, 0.7, 0.7, 0.1 }, 4, true, 1, 0.7)] // As good as the last that goes on.
    public void Decide_ByAccuracy_KeepsTheLargest(double figure, double[] reached, int factor, bool goesOn, int kept, double cutoff) =>
        Assert.Equal(new HalvingDecision(goesOn, figure, kept, reached.Length, cutoff),
            SuccessiveHalving.Decide(figure, reached, Accuracy, factor));

    [Theory]
    [InlineData(0.3, new[] { 0.3, 0.4, 0.5, 0.6 }, true)]
    [InlineData(0.4, new[] { 0.3, 0.4, 0.5, 0.6 }, true)]
    [InlineData(0.5, new[] { 0.3, 0.4, 0.5, 0.6 }, false)]
    public void Decide_ByLoss_KeepsTheSmallest(double figure, double[] reached, bool goesOn) =>
        Assert.Equal(goesOn, SuccessiveHalving.Decide(figure, reached, Loss, 2).Passes);

    [Theory]
    [InlineData(Loss)]
    [InlineData(Accuracy)]
    public void Decide_AgainstNaN_IsBetter(MonitoredMetric metric) =>
        Assert.Equal(new HalvingDecision(true, 0.5, 1, 3, 0.5), SuccessiveHalving.Decide(0.5, [double.NaN, 0.5, double.NaN], metric, 2));

    [Fact]
    public void Judge_ComparesOnlyWhatHasCompletedTheRungAndWasValidated()
    {
        Dictionary<string, TrialFigure> figures = new()
        {
            ["early"] = new(1, 0.99, 1),
            ["good"] = new(2, 0.7, 2),
            ["poor"] = new(2, 0.6, 1),
            ["unvalidated"] = new(2, null, null),
        };

        Assert.Equal(new HalvingDecision(true, 0.7, 1, 2, 0.7), Judge("good"));
        Assert.Equal(new HalvingDecision(false, 0.6, 1, 2, 0.7), Judge("poor"));
        Assert.Null(Judge("early"));
        Assert.Null(Judge("unvalidated"));
        Assert.Null(Judge("unknown"));

        HalvingDecision? Judge(string trial) => SuccessiveHalving.Judge(trial, figures, new(0, 2), Accuracy, 2);
    }

    [Theory]
    [InlineData(Accuracy, "its validationAccuracy of 0.1235 is not among the best 1 of 3 trials, which have at least 0.5.")]
    [InlineData(Loss, "its validationLoss of 0.1235 is not among the best 1 of 3 trials, which have at most 0.5.")]
    public void Explain_TellsTheRungTheFigureAndTheBound(MonitoredMetric metric, string end) => Assert.Equal(
        "Successive halving stopped the trial at rung 2 (9 epochs): " + end,
        new HalvingDecision(false, 0.123456, 1, 3, 0.5).Explain(new(2, 9), metric));

    [Theory]
    [InlineData(3, 1, 30, new[] { 1, 3, 9, 27 })]
    [InlineData(3, 1, 27, new[] { 1, 3, 9 })] // The last epoch is no rung.
    [InlineData(2, 4, 20, new[] { 4, 8, 16 })]
    [InlineData(8, 10, 10_000, new[] { 10, 80, 640, 5120 })]
    [InlineData(3, 5, 5, new int[0])]
    public void Rungs_OfATrial_AreThoseBeforeItsEnd(int factor, int first, int epochs, int[] rungs) =>
        Assert.Equal(rungs, new HalvingSpec { Factor = factor, FirstEpochs = first }.Rungs(epochs));

    [Theory] // Rungs at 1, 3, 9 and 27 epochs.
    [InlineData(1, 0, 0, 1)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(3, 1, 1, 3)]
    [InlineData(10, 0, 2, 9)] // The first two were missed; the third is what counts now.
    [InlineData(30, 3, 3, 27)]
    public void DueRung_IsTheLastReached(int completed, int judged, int index, int epochs) => Assert.Equal(
        new HalvingRung(index, epochs), new HalvingSpec { FirstEpochs = 1 }.DueRung(30, completed, judged));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    [InlineData(30, 4)]
    public void DueRung_OnceJudgedOrBeforeTheFirst_IsNone(int completed, int judged) =>
        Assert.Null(new HalvingSpec { FirstEpochs = 1 }.DueRung(30, completed, judged));
}
