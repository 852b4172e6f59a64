using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Tests.Training.Sweeps;

public sealed class TrialRankingTests
{
    private static readonly (int Number, double? Score)[] Trials =
        [(6, null), (5, 0.2), (4, 0.9), (3, double.NaN), (2, 0.9), (1, 0.5)];

    [Theory]
    [InlineData(MonitoredMetric.ValidationAccuracy, new[] { 2, 4, 1, 5 })]
    [InlineData(MonitoredMetric.ValidationLoss, new[] { 5, 1, 2, 4 })]
    public void Rank_IsBestFirstThenByNumberThenWhatHasNoScore(MonitoredMetric metric, int[] scored)
    {
        var ranked = TrialRanking.Rank(Trials, trial => trial.Score, trial => trial.Number, metric);

        Assert.Equal([.. scored, 3, 6], ranked.Select(row => row.Trial.Number));
        Assert.Equal([1, 2, 3, 4, null, null], ranked.Select(row => row.Rank));
    }

    [Fact]
    public void Rank_OfNoTrials_IsEmpty() => Assert.Empty(
        TrialRanking.Rank(Array.Empty<double?>(), score => score, _ => 1, MonitoredMetric.ValidationLoss));
}
