namespace CnnService.Imaging.Import;

/// <summary>Exact mean, standard deviation and covariance of the channels, from byte histograms and sums of products.</summary>
internal sealed class ChannelStatistics(int channels)
{
    private const int Rgb = 3;
    private const double MaxValue = 255;

    private readonly long[] _counts = new long[256 * channels];
    private long _redGreen;
    private long _redBlue;
    private long _greenBlue;

    public void Add(ReadOnlySpan<byte> interleaved)
    {
        for (var i = 0; i < interleaved.Length; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                _counts[(c << 8) + interleaved[i + c]]++;
            }

            if (channels == Rgb)
            {
                var (red, green, blue) = (interleaved[i], interleaved[i + 1], interleaved[i + 2]);
                _redGreen += red * green;
                _redBlue += red * blue;
                _greenBlue += green * blue;
            }
        }
    }

    /// <summary>Population statistics, values scaled to 0–1; the covariance for colour images only.</summary>
    public (double[] Mean, double[] Std, double[][]? Covariance) Result()
    {
        var moments = Enumerable.Range(0, channels).Select(Moments).ToArray();
        var (count, mean) = (moments[0].Count, moments.Select(m => m.Mean / MaxValue).ToArray());
        double[] variances = [.. moments.Select(m => Math.Max(0, m.Square - (m.Mean * m.Mean)) / (MaxValue * MaxValue))];
        double[] std = [.. variances.Select(Math.Sqrt)];
        if (channels != Rgb)
        {
            return (mean, std, null);
        }

        double Together(long products, int one, int other) =>
            (products / Math.Max(1, count) / (MaxValue * MaxValue)) - (mean[one] * mean[other]);
        var (redGreen, redBlue, greenBlue) = (Together(_redGreen, 0, 1), Together(_redBlue, 0, 2), Together(_greenBlue, 1, 2));
        return (mean, std, [[variances[0], redGreen, redBlue], [redGreen, variances[1], greenBlue], [redBlue, greenBlue, variances[2]]]);
    }

    /// <summary>Number of pixels, mean and mean square of a channel, values 0–255.</summary>
    private (double Count, double Mean, double Square) Moments(int channel)
    {
        double count = 0, sum = 0, squares = 0;
        for (var value = 0; value < 256; value++)
        {
            double times = _counts[(channel << 8) + value];
            count += times;
            sum += times * value;
            squares += times * value * value;
        }

        return (count, sum / Math.Max(1, count), squares / Math.Max(1, count));
    }
}
