using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Tests.Training.Comparison;

public sealed class McNemarTests
{
    /// <summary>Expected: twice the lower tail of the binomial distribution in exact fractions, at most 1.</summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(6, 16, 0.052478790283203125)]
    [InlineData(16, 6, 0.052478790283203125)]
    [InlineData(1, 9, 0.021484375)]
    [InlineData(59, 6, 4.964650327128617e-12)]
    [InlineData(700, 800, 0.010559255466711544)]
    [InlineData(0, 2000, 0)]
    public void PValue_IsTheExactTwoSidedOne(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, McNemar.PValue(onlyFirst, onlySecond), 1e-9 * Math.Max(expected, 1e-9));

    [Theory]
    [InlineData(10, 20, 2.7)]
    [InlineData(20, 10, 2.7)]
    [InlineData(1, 1, 0)]
    [InlineData(0, 0, 0)]
    public void Statistic_HasTheContinuityCorrection(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, McNemar.Statistic(onlyFirst, onlySecond), 1e-12);

    [Fact]
    public void PValue_OfFewerThanNone_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => McNemar.PValue(-1, 2));
}
