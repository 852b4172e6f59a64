namespace CnnService.Core.Datasets;

/// <summary>
/// Exact sums over the pixels of images, values 0–255, from which mean, deviation and covariance follow. Those of two sets of images add
/// up, so a change of a data set costs no more than the images that changed.
/// </summary>
/// <param name="Pixels">Number of pixels.</param>
/// <param name="Sums">Of red, green and blue.</param>
/// <param name="Squares">Of their squares.</param>
/// <param name="RedGreen">Sum of their products.</param>
/// <param name="RedBlue">Sum of their products.</param>
/// <param name="GreenBlue">Sum of their products.</param>
public readonly record struct ColorMoments(
    long Pixels, ChannelSums Sums, ChannelSums Squares, long RedGreen, long RedBlue, long GreenBlue)
{
    private const double MaxValue = 255;
    private const int Rgb = 3;

    /// <summary>Of one image.</summary>
    /// <param name="rgb">Interleaved; grey images have three equal channels.</param>
    public static ColorMoments Compute(ReadOnlySpan<byte> rgb)
    {
        long red = 0, green = 0, blue = 0, red2 = 0, green2 = 0, blue2 = 0, redGreen = 0, redBlue = 0, greenBlue = 0;
        for (var i = 0; i + 2 < rgb.Length; i += Rgb)
        {
            int r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
            red += r;
            green += g;
            blue += b;
            red2 += r * r;
            green2 += g * g;
            blue2 += b * b;
            redGreen += r * g;
            redBlue += r * b;
            greenBlue += g * b;
        }

        return new(rgb.Length / Rgb, new(red, green, blue), new(red2, green2, blue2), redGreen, redBlue, greenBlue);
    }

    public static ColorMoments operator +(ColorMoments left, ColorMoments right) => Add(left, right);

    public static ColorMoments operator -(ColorMoments left, ColorMoments right) => Subtract(left, right);

    public static ColorMoments Add(ColorMoments left, ColorMoments right) => Join(left, right, 1);

    public static ColorMoments Subtract(ColorMoments left, ColorMoments right) => Join(left, right, -1);

    /// <summary>Population statistics, values scaled to 0–1; the covariance for colour images only.</summary>
    /// <param name="channels">1 or 3.</param>
    public (double[] Mean, double[] Std, double[][]? Covariance) Statistics(int channels)
    {
        double count = Math.Max(1, Pixels);
        double[] mean = [.. Sums.Values.Take(channels).Select(sum => sum / count / MaxValue)];
        double[] variances = [.. Squares.Values.Take(channels).Zip(Sums.Values,
            (squares, sum) => Math.Max(0, (squares / count) - (sum / count * (sum / count))) / (MaxValue * MaxValue))];
        double[] std = [.. variances.Select(Math.Sqrt)];
        if (channels != Rgb)
        {
            return (mean, std, null);
        }

        double Together(long products, int one, int other) => (products / count / (MaxValue * MaxValue)) - (mean[one] * mean[other]);
        var (redGreen, redBlue, greenBlue) = (Together(RedGreen, 0, 1), Together(RedBlue, 0, 2), Together(GreenBlue, 1, 2));
        return (mean, std, [[variances[0], redGreen, redBlue], [redGreen, variances[1], greenBlue], [redBlue, greenBlue, variances[2]]]);
    }

    private static ColorMoments Join(ColorMoments left, ColorMoments right, int sign) => new(
        left.Pixels + (sign * right.Pixels), left.Sums.Plus(right.Sums, sign), left.Squares.Plus(right.Squares, sign),
        left.RedGreen + (sign * right.RedGreen), left.RedBlue + (sign * right.RedBlue), left.GreenBlue + (sign * right.GreenBlue));
}

/// <summary>A sum for each channel.</summary>
public readonly record struct ChannelSums(long Red, long Green, long Blue)
{
    internal IEnumerable<long> Values => [Red, Green, Blue];

    internal ChannelSums Plus(ChannelSums other, int sign) =>
        new(Red + (sign * other.Red), Green + (sign * other.Green), Blue + (sign * other.Blue));
}
