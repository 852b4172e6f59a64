using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Pictures that show nothing, for others to be compared with.</summary>
internal static class Baselines
{
    /// <summary>Near the mean of photographs.</summary>
    private const float Grey = 0.45f;

    /// <summary>Deviation of the blur as a share of the longer side.</summary>
    private const double Blur = 1.0 / 15;

    private const ulong Stream = 0xBA5E;

    /// <summary>The colour that the model's preprocessing takes for the middle, one number a channel, 0–1.</summary>
    public static float[] MeanColor(Preprocessing preprocessing)
    {
        var white = 255 * preprocessing.Scale;
        var mean = preprocessing.Mean.Select(value => (float)Math.Clamp(value / white, 0, 1)).ToArray();
        if (preprocessing.ChannelOrder == ChannelOrder.Bgr)
        {
            Array.Reverse(mean);
        }

        return mean.All(value => value == 0) ? [.. mean.Select(_ => Grey)] : mean;
    }

    public static UnitPictures Of(ExplainBaseline kind, LoadedModel model, UnitPictures picture, int seed)
    {
        switch (kind)
        {
            case ExplainBaseline.Mean:
                return picture.Flat(MeanColor(model.Manifest.Preprocessing));
            case ExplainBaseline.Black:
                return picture.Empty(1);
            case ExplainBaseline.White:
                return picture.Flat([.. Enumerable.Repeat(1f, picture.Channels)]);
            case ExplainBaseline.Blur:
                return Blurred(picture, Blur * Math.Max(picture.Height, picture.Width));
            default:
                var noise = picture.Empty(1);
                var random = new CounterRandom((ulong)seed, Stream);
                foreach (ref var value in noise.Values.AsSpan())
                {
                    value = (float)random.NextDouble();
                }

                return noise;
        }
    }

    /// <summary>A Gaussian blur; the border goes on outside.</summary>
    public static UnitPictures Blurred(UnitPictures picture, double deviation)
    {
        var radius = (int)Math.Ceiling(3 * deviation);
        var kernel = Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation))).ToArray();
        var sum = kernel.Sum();
        var result = picture.Empty(1);
        var between = new float[picture.Height * picture.Width];
        for (var channel = 0; channel < picture.Channels; channel++)
        {
            var plane = picture.Values.AsSpan(channel * between.Length, between.Length);
            Along(plane, between, kernel, sum, picture.Height, picture.Width, across: true);
            Along(between, result.Values.AsSpan(channel * between.Length, between.Length), kernel, sum, picture.Height, picture.Width, across: false);
        }

        return result;
    }

    private static void Along(ReadOnlySpan<float> from, Span<float> to, double[] kernel, double sum, int height, int width, bool across)
    {
        var radius = kernel.Length / 2;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var total = 0.0;
                for (var i = -radius; i <= radius; i++)
                {
                    var (row, column) = across ? (y, Math.Clamp(x + i, 0, width - 1)) : (Math.Clamp(y + i, 0, height - 1), x);
                    total += kernel[i + radius] * from[(row * width) + column];
                }

                to[(y * width) + x] = (float)(total / sum);
            }
        }
    }
}
