using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Exact t-SNE (van der Maaten and Hinton, 2008): embeds rows in a plane so that neighbours stay neighbours. Starts from the first two
/// principal components. The same rows and seed give the same bits.
/// </summary>
internal sealed class TSne
{
    public const int Iterations = 1000;
    public const double DefaultPerplexity = 30;

    /// <summary>Number of principal components that similarities are computed from.</summary>
    public const int Dimensions = 50;

    private const double Exaggeration = 12;
    private const int ExaggeratedIterations = 250;
    private const double MinRate = 50;
    private const double StartSpread = 1e-4;

    /// <summary>Noise relative to the start's standard deviation, without which equal or collinear rows could never separate.</summary>
    private const double Jitter = 0.01;

    /// <summary>Coordinate of the padding that fills up vectors: so far away that its forces are 0.</summary>
    private const double PaddingCoordinate = 1e150;

    private readonly double[][] _affinities;
    private readonly int _count;
    private readonly double[][] _places; // Two axes, each as long as a whole number of vectors.
    private readonly double[][] _speeds;
    private readonly double[][] _gains;
    private readonly double[][] _slopes;
    private readonly double[][] _pulls;
    private double _repulsion;

    private TSne(double[][] affinities, double[][] start, int seed)
    {
        _count = affinities.Length;
        var padded = (_count + 3) / 4 * 4;
        _affinities = [.. affinities.Select(row => Filled(row, padded, 0))];
        _places = [.. Enumerable.Range(0, 2).Select(axis => Filled(Start(start, axis, seed), padded, PaddingCoordinate))];
        (_speeds, _slopes) = (Pair(padded, 0), Pair(padded, 0));
        (_pulls, _gains) = (Pair(padded, 0), Pair(padded, 1));
    }

    /// <summary>The default perplexity, or as much as the number of rows allows.</summary>
    public static double PerplexityFor(int rows) => Math.Min(DefaultPerplexity, (rows - 1) / 3.0);

    /// <summary>The embedding, <c>[row][axis]</c>.</summary>
    /// <param name="rows">At least 5 rows of principal components, at most <see cref="Dimensions"/> columns.</param>
    /// <param name="seed">Seed of the noise in the start.</param>
    /// <param name="cancel">Checked in each iteration.</param>
    public static double[][] Embed(double[][] rows, int seed, CancellationToken cancel = default)
    {
        var map = new TSne(Affinities.Compute(rows, PerplexityFor(rows.Length), cancel), rows, seed);
        var rate = Math.Max(rows.Length / Exaggeration / 4, MinRate);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            cancel.ThrowIfCancellationRequested();
            var isEarly = iteration < ExaggeratedIterations;
            map.Step(isEarly ? Exaggeration : 1, isEarly ? 0.5 : 0.8, rate);
        }

        return [.. Enumerable.Range(0, rows.Length).Select(i => new[] { map._places[0][i], map._places[1][i] })];
    }

    private static double[][] Pair(int length, double value) => [.. Enumerable.Range(0, 2).Select(_ => Filled([], length, value))];

    private static double[] Filled(double[] values, int length, double with)
    {
        var filled = new double[length];
        Array.Fill(filled, with);
        values.CopyTo(filled, 0);
        return filled;
    }

    private static double[] Start(double[][] rows, int axis, int seed)
    {
        var random = new CounterRandom((ulong)seed, (ulong)axis);
        var spread = Math.Sqrt(rows.Average(row => row[0] * row[0])); // Components have mean 0.
        var scale = spread > 0 ? StartSpread / spread : 0;
        var places = new double[rows.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (axis < rows[i].Length ? rows[i][axis] * scale : 0) + (Jitter * StartSpread * random.NextGaussian());
        }

        return places;
    }

    private void Step(double exaggeration, double momentum, double rate)
    {
        FindSlopes(exaggeration);
        for (var axis = 0; axis < 2; axis++)
        {
            var (places, speeds, gains, slopes) = (_places[axis], _speeds[axis], _gains[axis], _slopes[axis]);
            for (var i = 0; i < _count; i++)
            {
                gains[i] = Math.Max(0.01, speeds[i] * slopes[i] < 0 ? gains[i] + 0.2 : gains[i] * 0.8);
                speeds[i] = (momentum * speeds[i]) - (rate * gains[i] * slopes[i]);
                places[i] += speeds[i];
            }
        }
    }

    /// <summary>
    /// Gradient of the Kullback-Leibler divergence: four times attraction minus repulsion, whose normalization is known only after
    /// all rows.
    /// </summary>
    private void FindSlopes(double exaggeration)
    {
        _repulsion = -_count; // Each row's own place is no neighbour.
        for (var i = 0; i < _count; i++)
        {
            (_pulls[0][i], _pulls[1][i]) = Forces(i);
        }

        for (var axis = 0; axis < 2; axis++)
        {
            for (var i = 0; i < _count; i++)
            {
                _slopes[axis][i] = 4 * ((exaggeration * _pulls[axis][i]) - (_slopes[axis][i] / _repulsion));
            }
        }
    }

    /// <summary>Returns the attraction of a row along both axes, and stores its unnormalized repulsion in the slopes.</summary>
    private (double X, double Y) Forces(int row)
    {
        var columns = MemoryMarshal.Cast<double, Vector256<double>>(_places[0].AsSpan());
        var lines = MemoryMarshal.Cast<double, Vector256<double>>(_places[1].AsSpan());
        var affinities = MemoryMarshal.Cast<double, Vector256<double>>(_affinities[row].AsSpan());
        var (x, y) = (Vector256.Create(_places[0][row]), Vector256.Create(_places[1][row]));
        var (near, pullX, pullY, pushX, pushY) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero,
            Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < columns.Length; i++)
        {
            var (alongX, alongY) = (x - columns[i], y - lines[i]);
            var nearness = Vector256<double>.One / (Vector256<double>.One + (alongX * alongX) + (alongY * alongY));
            var (pull, push) = (affinities[i] * nearness, nearness * nearness);
            near += nearness;
            pullX += pull * alongX;
            pullY += pull * alongY;
            pushX += push * alongX;
            pushY += push * alongY;
        }

        _repulsion += Vector256.Sum(near);
        (_slopes[0][row], _slopes[1][row]) = (Vector256.Sum(pushX), Vector256.Sum(pushY));
        return (Vector256.Sum(pullX), Vector256.Sum(pullY));
    }
}
