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
        Assert.Equal(new HalvingDecision(goesOn, kept, reached.Length, cutoff),
            SuccessiveHalving.Decide(figure, reached, Accuracy, factor));

    [Theory]
    [InlineData(0.3, new[] { 0.3, 0.4, 0.5, 0.6 }, true)]
    [InlineData(0.4, new[] { 0.3, 0.4, 0.5, 0.6 }, true)]
    [InlineData(0.5, new[] { 0.3, 0.4, 0.5, 0.6 }, false)]
    public void Decide_ByLoss_KeepsTheSmallest(double figure, double[] reached, bool goesOn) =>
        Assert.Equal(goesOn, SuccessiveHalving.Decide(figure, reached, Loss, 2).Passes);

    [Theory]
    [InlineData(3, 1, 30, new[] { 1, 3, 9, 27 })]
    [InlineData(3, 1, 27, new[] { 1, 3, 9 })] // The last epoch is no rung.
    [InlineData(2, 4, 20, new[] { 4, 8, 16 })]
    [InlineData(8, 10, 10_000, new[] { 10, 80, 640, 5120 })]
    [InlineData(3, 5, 5, new int[0])]
    public void Rungs_OfATrial_AreThoseBeforeItsEnd(int factor, int first, int epochs, int[] rungs) =>
        Assert.Equal(rungs, new HalvingSpec { Factor = factor, FirstEpochs = first }.Rungs(epochs));
}
