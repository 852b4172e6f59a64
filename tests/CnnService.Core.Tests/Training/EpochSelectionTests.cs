using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public sealed class EpochSelectionTests
{
    [Theory]
    [InlineData(new[] { 0.7, 0.5, 0.6 }, 1)]
    [InlineData(new[] { 0.5, 0.5, 0.5 }, 0)]
    [InlineData(new[] { 0.9 }, 0)]
    public void Best_ValidationLosses_IsTheFirstSmallest(double[] losses, int best) =>
        Assert.Equal(best, EpochSelection.BestIndex(History(losses)));

    [Fact]
    public void Best_NothingValidated_GoesByTrainingLoss()
    {
        EpochMetrics[] history = [Epoch(1, 0.4, double.NaN, double.NaN), Epoch(2, 0.3, double.NaN, double.NaN),
            Epoch(3, 0.5, double.NaN, double.NaN)];
        Assert.Equal(1, EpochSelection.BestIndex(history));
    }

    [Fact]
    public void Best_SomeEpochsNotValidated_IsOneThatWas()
    {
        EpochMetrics[] history = [Epoch(1, 0.9, double.NaN, double.NaN), Epoch(2, 0.8, 0.7, 0.5), Epoch(3, 0.1, double.NaN, double.NaN),
            Epoch(4, 0.1, 0.75, 0.5)];
        Assert.Equal(1, EpochSelection.BestIndex(history));
    }

    [Fact]
    public void ShouldStop_AfterAnEpochNotValidated_WaitsForTheNextThatIs()
    {
        EpochMetrics[] history = [Epoch(1, 0.9, 0.5, 0.5), Epoch(2, 0.8, double.NaN, double.NaN), Epoch(3, 0.7, double.NaN, double.NaN),
            Epoch(4, 0.7, 0.6, 0.5)];
        Assert.False(EpochSelection.ShouldStop(history[..3], new() { Patience = 2 }));
        Assert.True(EpochSelection.ShouldStop(history, new() { Patience = 2 }));
    }

    [Theory]
    [InlineData(new[] { 0.7, 0.5, 0.6, 0.6 }, 2, true)]
    [InlineData(new[] { 0.7, 0.5, 0.6 }, 2, false)]
    [InlineData(new[] { 0.7, 0.6, 0.5, 0.4 }, 1, false)]
    [InlineData(new[] { 0.7 }, 1, false)]
    public void ShouldStop_ValidationLoss_CountsEpochsSinceTheBest(double[] losses, int patience, bool stop) =>
        Assert.Equal(stop, EpochSelection.ShouldStop(History(losses), new() { Patience = patience }));

    [Fact]
    public void ShouldStop_ValidationAccuracy_LooksAtAccuracyAlone()
    {
        EpochMetrics[] history = [Epoch(1, 1, 0.9, 0.5), Epoch(2, 1, 0.95, 0.8), Epoch(3, 1, 0.5, 0.7), Epoch(4, 1, 0.4, 0.8)];
        Assert.True(EpochSelection.ShouldStop(history, new() { Monitor = MonitoredMetric.ValidationAccuracy, Patience = 2 }));
        Assert.False(EpochSelection.ShouldStop(history, new() { Monitor = MonitoredMetric.ValidationLoss, Patience = 2 }));
    }

    [Fact]
    public void ShouldStop_NoRule_Never() => Assert.False(EpochSelection.ShouldStop(History([0.1, 1, 1, 1, 1]), null));

    private static EpochMetrics[] History(double[] losses) => [.. losses.Select((loss, i) => Epoch(i + 1, 0.1, loss, 0.5))];

    private static EpochMetrics Epoch(int epoch, double loss, double validationLoss, double accuracy) =>
        new(epoch, loss, 0.5, validationLoss, accuracy, 0.001, 1, 100);
}
