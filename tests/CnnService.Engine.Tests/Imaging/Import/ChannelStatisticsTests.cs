using CnnService.Imaging.Import;

namespace CnnService.Engine.Tests.Imaging.Import;

public sealed class ChannelStatisticsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Result_OfManyPixels_FollowsTheDefinitions(int channels)
    {
        byte[] pixels = [.. Enumerable.Range(0, 600 * channels).Select(i => (byte)((i * i) + (i / channels % 200)))];
        var statistics = new ChannelStatistics(channels);
        statistics.Add(pixels.AsSpan(0, 150));
        statistics.Add(pixels.AsSpan(150));

        var (mean, std, covariance) = statistics.Result();

        double[][] values = [
            .. Enumerable.Range(0, channels)
                .Select(c => Enumerable.Range(0, 600).Select(i => pixels[(i * channels) + c] / 255.0).ToArray())];
        Assert.Equal(channels == 3, covariance is not null);
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

    private static double Together(double[] one, double[] other) =>
        one.Zip(other, (a, b) => (a - one.Average()) * (b - other.Average())).Average();
}
