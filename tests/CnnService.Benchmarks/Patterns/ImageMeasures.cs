using System.Numerics;
using CnnService.Core.Common;

namespace CnnService.Benchmarks.Patterns;

/// <summary>What can be said of an image without any network.</summary>
internal static class ImageMeasures
{
    private const double White = 255;

    /// <summary>The smallest channel's deviation, 0–1.</summary>
    public static double LeastDeviation(PixelBuffer image) => Enumerable.Range(0, image.Channels).Min(channel =>
    {
        var values = image.Data.Where((_, i) => i % image.Channels == channel).Select(value => value / White).ToArray();
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    });

    /// <summary>Mean of the absolute differences between neighbours, across and down, 0–1.</summary>
    public static double NeighbourDifference(PixelBuffer image)
    {
        var (sum, count) = (0.0, 0);
        for (var y = 0; y + 1 < image.Height; y++)
        {
            for (var x = 0; x + 1 < image.Width; x++)
            {
                for (var c = 0; c < image.Channels; c++, count += 2)
                {
                    double here = image.Pixel(x, y)[c];
                    sum += Math.Abs(here - image.Pixel(x + 1, y)[c]) + Math.Abs(here - image.Pixel(x, y + 1)[c]);
                }
            }
        }

        return sum / count / White;
    }

    /// <summary>Share of the channels' values that are black or white.</summary>
    public static double Burnt(PixelBuffer image) => image.Data.Average(value => value is 0 or 255 ? 1.0 : 0);

    /// <summary>Share of the spectral energy, the means left out, above a quarter of the sampling rate along either axis.</summary>
    public static double FineShare(PixelBuffer image)
    {
        var (fine, all) = (0.0, 0.0);
        for (var c = 0; c < image.Channels; c++)
        {
            var energy = Energies(image, c);
            for (var v = 0; v < image.Height; v++)
            {
                for (var u = v == 0 ? 1 : 0; u < image.Width; u++)
                {
                    all += energy[v, u];
                    fine += 4 * Math.Min(u, image.Width - u) > image.Width || 4 * Math.Min(v, image.Height - v) > image.Height
                        ? energy[v, u]
                        : 0;
                }
            }
        }

        return fine / all;
    }

    /// <summary>Of the values of two images of one size.</summary>
    public static double Correlation(PixelBuffer one, PixelBuffer other)
    {
        var (mean, otherMean) = (one.Data.Average(value => value), other.Data.Average(value => value));
        var (product, square, otherSquare) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Data.Length; i++)
        {
            var (a, b) = (one.Data[i] - mean, other.Data[i] - otherMean);
            (product, square, otherSquare) = (product + (a * b), square + (a * a), otherSquare + (b * b));
        }

        return product / Math.Sqrt(square * otherSquare);
    }

    /// <summary>Turned by up to 10 degrees, scaled by up to a tenth, shifted by up to 6 pixels about its middle; between pixels bilinear,
    /// beyond the edge grey.</summary>
    public static PixelBuffer Moved(PixelBuffer image, CounterRandom random)
    {
        var (sin, cos) = Math.SinCos(random.NextDouble(-10, 10) * Math.PI / 180);
        var scale = random.NextDouble(0.9, 1.1);
        var (right, down) = (random.NextDouble(-6, 6), random.NextDouble(-6, 6));
        var moved = new PixelBuffer(image.Width, image.Height, image.Channels);
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var (dx, dy) = (x - ((image.Width - 1) / 2.0) - right, y - ((image.Height - 1) / 2.0) - down);
                var (fromX, fromY) = (((cos * dx) + (sin * dy)) / scale + ((image.Width - 1) / 2.0),
                    ((cos * dy) - (sin * dx)) / scale + ((image.Height - 1) / 2.0));
                for (var c = 0; c < image.Channels; c++)
                {
                    moved.Data[(((y * image.Width) + x) * image.Channels) + c] = (byte)Math.Round(Between(image, fromX, fromY, c));
                }
            }
        }

        return moved;
    }

    private static double Between(PixelBuffer image, double x, double y, int channel)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, down) = (x - left, y - top);
        double At(int column, int row) =>
            column < 0 || row < 0 || column >= image.Width || row >= image.Height ? White / 2 : image.Pixel(column, row)[channel];
        return ((1 - down) * (((1 - right) * At(left, top)) + (right * At(left + 1, top))))
            + (down * (((1 - right) * At(left, top + 1)) + (right * At(left + 1, top + 1))));
    }

    /// <summary>The squared amplitudes of one channel, by the definition.</summary>
    private static double[,] Energies(PixelBuffer image, int channel)
    {
        var (height, width) = (image.Height, image.Width);
        var rows = new Complex[height, width];
        var (across, down) = (Turns(width), Turns(height));
        for (var y = 0; y < height; y++)
        {
            for (var u = 0; u < width; u++)
            {
                for (var x = 0; x < width; x++)
                {
                    rows[y, u] += image.Pixel(x, y)[channel] * across[u * x % width];
                }
            }
        }

        var energies = new double[height, width];
        for (var v = 0; v < height; v++)
        {
            for (var u = 0; u < width; u++)
            {
                var sum = Complex.Zero;
                for (var y = 0; y < height; y++)
                {
                    sum += rows[y, u] * down[v * y % height];
                }

                energies[v, u] = (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
            }
        }

        return energies;
    }

    private static Complex[] Turns(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / count))];
}
