using CnnService.Core.Datasets;

namespace CnnService.Core.Tests.Datasets;

public sealed class ColorMomentsTests
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 1800).Select(i => (byte)((i * i) + (i / 3 % 200)))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Statistics_OfManyPixels_FollowTheDefinitions(int channels)
    {
        var moments = ColorMoments.Compute(Pixels.AsSpan(0, 150)) + ColorMoments.Compute(Pixels.AsSpan(150));
        var (mean, std, covariance) = moments.Statistics(channels);

        double[][] values = [
            .. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 600).Select(i => Pixels[(i * 3) + c] / 255.0).ToArray())];
        Assert.Equal((channels, channels, channels == 3), (mean.Length, std.Length, covariance is not null));
        for (var c = 0; c < channels; c++)
        {
            Assert.Equal(values[c].Average(), mean[c], 1e-9);
            Assert.Equal(Math.Sqrt(Together(values[c], values[c])), std[c], 1e-9);
            for (var other = 0; other < (covariance?.Length ?? 0); other++)
            {
                Assert.Equal(Together(values[c], values[other]), covariance![c][other], 1e-9);
            }
        }
    }

    [Fact]
    public void Subtract_WhatWasAdded_LeavesExactlyTheRest()
    {
        ColorMoments one = ColorMoments.Compute(Pixels.AsSpan(0, 900)), other = ColorMoments.Compute(Pixels.AsSpan(900));

        Assert.Equal(one, one + other - other);
        Assert.Equal(ColorMoments.Compute(Pixels), one + other);
    }

    private static double Together(double[] one, double[] other) =>
        one.Zip(other, (a, b) => (a - one.Average()) * (b - other.Average())).Average();
}
