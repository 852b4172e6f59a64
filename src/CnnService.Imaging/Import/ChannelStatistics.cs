namespace CnnService.Imaging.Import;

/// <summary>Exact mean and standard deviation of each channel, from counts of byte values.</summary>
internal sealed class ChannelStatistics(int channels)
{
    private readonly long[] _counts = new long[256 * channels];

    public void Add(ReadOnlySpan<byte> interleaved)
    {
        for (var i = 0; i < interleaved.Length; i += channels)
        {
            for (var c = 0; c < channels; c++)
            {
                _counts[(c << 8) + interleaved[i + c]]++;
            }
        }
    }

    /// <summary>Mean and population standard deviation a channel, on the scale 0–1.</summary>
    public (double[] Mean, double[] Std) Result()
    {
        var mean = new double[channels];
        var std = new double[channels];
        for (var c = 0; c < channels; c++)
        {
            double count = 0, sum = 0, squares = 0;
            for (var value = 0; value < 256; value++)
            {
                double times = _counts[(c << 8) + value];
                count += times;
                sum += times * value;
                squares += times * value * value;
            }

            mean[c] = sum / Math.Max(1, count) / 255;
            std[c] = Math.Sqrt(Math.Max(0, (squares / Math.Max(1, count)) - Math.Pow(sum / Math.Max(1, count), 2))) / 255;
        }

        return (mean, std);
    }
}
