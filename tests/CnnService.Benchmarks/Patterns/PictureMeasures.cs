using System.Numerics;
using CnnService.Core.Common;

namespace CnnService.Benchmarks.Patterns;

/// <summary>What can be said of a picture without any network.</summary>
internal static class PictureMeasures
{
    private const double White = 255;

    /// <summary>The smallest channel's deviation, 0–1.</summary>
    public static double LeastDeviation(PixelBuffer picture) => Enumerable.Range(0, picture.Channels).Min(channel =>
    {
        var values = picture.Data.Where((_, i) => i % picture.Channels == channel).Select(value => value / White).ToArray();
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    });

    /// <summary>Mean of the absolute differences between neighbours, across and down, 0–1.</summary>
    public static double NeighbourDifference(PixelBuffer picture)
    {
        var (sum, count) = (0.0, 0);
        for (var y = 0; y + 1 < picture.Height; y++)
        {
            for (var x = 0; x + 1 < picture.Width; x++)
            {
                for (var c = 0; c < picture.Channels; c++, count += 2)
                {
                    double here = picture.Pixel(x, y)[c];
                    sum += Math.Abs(here - picture.Pixel(x + 1, y)[c]) + Math.Abs(here - picture.Pixel(x, y + 1)[c]);
                }
            }
        }

        return sum / count / White;
    }

    /// <summary>Share of the channels' values that are black or white.</summary>
    public static double Burnt(PixelBuffer picture) => picture.Data.Average(value => value is 0 or 255 ? 1.0 : 0);

    /// <summary>Share of the spectral energy, the means left out, above a quarter of the sampling rate along either axis.</summary>
    public static double FineShare(PixelBuffer picture)
    {
        var (fine, all) = (0.0, 0.0);
        for (var c = 0; c < picture.Channels; c++)
        {
            var energy = Energies(picture, c);
            for (var v = 0; v < picture.Height; v++)
            {
                for (var u = v == 0 ? 1 : 0; u < picture.Width; u++)
                {
                    all += energy[v, u];
                    fine += 4 * Math.Min(u, picture.Width - u) > picture.Width || 4 * Math.Min(v, picture.Height - v) > picture.Height ? energy[v, u] : 0;
                }
            }
        }

        return fine / all;
    }

    /// <summary>Of the values of two pictures of one size.</summary>
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

    /// <summary>Turned by up to 10 degrees, scaled by up to a tenth, shifted by up to 6 pixels about its middle; between pixels bilinear, beyond the edge grey.</summary>
    public static PixelBuffer Moved(PixelBuffer picture, CounterRandom random)
    {
        var (sin, cos) = Math.SinCos(random.NextDouble(-10, 10) * Math.PI / 180);
        var scale = random.NextDouble(0.9, 1.1);
        var (right, down) = (random.NextDouble(-6, 6), random.NextDouble(-6, 6));
        var moved = new PixelBuffer(picture.Width, picture.Height, picture.Channels);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var (dx, dy) = (x - ((picture.Width - 1) / 2.0) - right, y - ((picture.Height - 1) / 2.0) - down);
                var (fromX, fromY) = (((cos * dx) + (sin * dy)) / scale + ((picture.Width - 1) / 2.0), ((cos * dy) - (sin * dx)) / scale + ((picture.Height - 1) / 2.0));
                for (var c = 0; c < picture.Channels; c++)
                {
                    moved.Data[(((y * picture.Width) + x) * picture.Channels) + c] = (byte)Math.Round(Between(picture, fromX, fromY, c));
                }
            }
        }

        return moved;
    }

    private static double Between(PixelBuffer picture, double x, double y, int channel)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, down) = (x - left, y - top);
        double At(int column, int row) => column < 0 || row < 0 || column >= picture.Width || row >= picture.Height ? White / 2 : picture.Pixel(column, row)[channel];
        return ((1 - down) * (((1 - right) * At(left, top)) + (right * At(left + 1, top))))
            + (down * (((1 - right) * At(left, top + 1)) + (right * At(left + 1, top + 1))));
    }

    /// <summary>The squared amplitudes of one channel, by the definition.</summary>
    private static double[,] Energies(PixelBuffer picture, int channel)
    {
        var (height, width) = (picture.Height, picture.Width);
        var rows = new Complex[height, width];
        var (across, down) = (Turns(width), Turns(height));
        for (var y = 0; y < height; y++)
        {
            for (var u = 0; u < width; u++)
            {
                for (var x = 0; x < width; x++)
                {
                    rows[y, u] += picture.Pixel(x, y)[channel] * across[u * x % width];
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

    private static Complex[] Turns(int count) => [.. Enumerable.Range(0, count).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / count))];
}
