using CnnService.Core.Classification.Drift;

namespace CnnService.Core.Tests.Classification.Drift;

public sealed class StabilityIndexTests
{
    [Fact]
    public void Of_EqualShares_IsNothing() => Assert.Equal(0, StabilityIndex.Compute([500, 1500], [500, 1500]), 1e-12);

    [Fact]
    public void Of_ManyCounts_IsTheTextbooksSum()
    {
        // (0.8 - 0.5) ln(0.8 / 0.5) + (0.2 - 0.5) ln(0.2 / 0.5); half a count more in a million does not show.
        var expected = (0.3 * Math.Log(1.6)) - (0.3 * Math.Log(0.4));

        Assert.Equal(expected, StabilityIndex.Compute([500_000, 500_000], [800_000, 200_000]), 1e-5);
        Assert.Equal(expected, StabilityIndex.Parts([500_000, 500_000], [800_000, 200_000]).Sum(), 1e-5);
    }

    [Fact]
    public void Of_BinsEmptyInBoth_CountForNothing()
    {
        Assert.Equal(StabilityIndex.Compute([10, 90], [30, 10]), StabilityIndex.Compute([0, 10, 0, 90], [0, 30, 0, 10]), 1e-12);
        Assert.Equal(StabilityIndex.Chance([10, 90], [30, 10]), StabilityIndex.Chance([0, 10, 0, 90], [0, 30, 0, 10]), 1e-12);
    }

    [Fact]
    public void Of_ABinEmptyInOne_IsLargeAndFinite()
    {
        // Half a count in each bin: (100.5 - 0.5) / 101 * ln(100.5 / 0.5), twice.
        Assert.Equal(2 * 100 / 101.0 * Math.Log(201), StabilityIndex.Compute([100, 0], [0, 100]), 1e-9);
    }

    /// <summary>Quantiles of chi-squared as tables print them; Wilson and Hilferty's are within 3 % of them.</summary>
    [Theory]
    [InlineData(2, 3.841)]
    [InlineData(10, 16.919)]
    [InlineData(101, 124.342)]
    public void Chance_IsTheQuantileOfChiSquaredOverTheCounts(int bins, double quantile)
    {
        long[] before = [.. Enumerable.Repeat(100L, bins)], now = [.. Enumerable.Repeat(25L, bins)];

        Assert.Equal(quantile * ((1 / (100.0 * bins)) + (1 / (25.0 * bins))), StabilityIndex.Chance(before, now),
            0.03 * quantile * 0.05 / bins);
    }

    /// <summary>Samples of one distribution stay below it about 95 times in a hundred.</summary>
    [Fact]
    public void Chance_HoldsForSamplesOfOneDistribution()
    {
        var random = new Core.Common.CounterRandom(7, 11);
        var below = 0;
        for (var trial = 0; trial < 400; trial++)
        {
            long[] before = new long[8], now = new long[8];
            for (var i = 0; i < 400; i++)
            {
                before[random.NextInt32(8)]++;
                now[random.NextInt32(8)]++;
            }

            below += StabilityIndex.Compute(before, now) < StabilityIndex.Chance(before, now) ? 1 : 0;
        }

        Assert.InRange(below / 400.0, 0.91, 0.98);
    }

    [Theory]
    [InlineData(0, new long[] { 1, 1 }, new long[] { 7, 7 })]
    [InlineData(0.3, new long[] { 5, 5 }, new long[] { 8, 2 })]
    [InlineData(1, new long[] { 5, 0 }, new long[] { 0, 3 })]
    [InlineData(0, new long[] { 0, 0 }, new long[] { 0, 3 })]
    public void TotalVariation_IsHalfTheSumOfDifferences(double expected, long[] before, long[] now) =>
        Assert.Equal(expected, StabilityIndex.TotalVariation(before, now), 1e-12);

    [Fact]
    public void Of_OtherBins_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => StabilityIndex.Compute([1, 2], [1]));
}
