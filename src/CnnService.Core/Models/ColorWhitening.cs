namespace CnnService.Core.Models;

/// <summary>
/// ZCA colour whitening (Bell and Sejnowski, 1997; Krizhevsky, 2009, for single pixels): the symmetric matrix that takes colours of
/// a covariance to colours without any, each of deviation 1, and turns them as little as can be.
/// </summary>
public static class ColorWhitening
{
    /// <summary>Added to each variance, so that a colour that hardly varies is not blown up into noise: 0.8 of 255 levels of deviation.</summary>
    public const double Floor = 1e-5;

    private const int Channels = 3;
    private const int MostSweeps = 30;

    /// <summary><c>U diag(1/sqrt(variance + Floor)) U'</c>, rows first.</summary>
    /// <param name="covariance">3x3, symmetric, of values 0–1.</param>
    public static IReadOnlyList<IReadOnlyList<double>> Matrix(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var matrix = new double[Channels][];
        for (var row = 0; row < Channels; row++)
        {
            matrix[row] = new double[Channels];
            for (var column = 0; column < Channels; column++)
            {
                matrix[row][column] = Enumerable.Range(0, Channels)
                    .Sum(axis => axes[row, axis] * axes[column, axis] / Math.Sqrt(Math.Max(0, variances[axis]) + Floor));
            }
        }

        return matrix;
    }

    /// <summary>
    /// The way back: from independent numbers of deviation 1 to colours of this covariance, <c>U diag(sqrt(variance))</c>, the rows red, green and blue
    /// one behind the other. The axis that varies most comes first, each with more light than dark.
    /// </summary>
    /// <inheritdoc cref="Matrix"/>
    public static IReadOnlyList<double> Coloring(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var coloring = new double[Channels * Channels];
        foreach (var (place, axis) in Enumerable.Range(0, Channels).OrderByDescending(axis => variances[axis]).Index())
        {
            var deviation = Math.Sqrt(Math.Max(0, variances[axis]));
            var sign = Enumerable.Range(0, Channels).Sum(row => axes[row, axis]) < 0 ? -1 : 1;
            for (var row = 0; row < Channels; row++)
            {
                coloring[(row * Channels) + place] = sign * deviation * axes[row, axis];
            }
        }

        return coloring;
    }

    /// <summary>Eigenvalues and eigenvectors (columns) by Jacobi's rotations.</summary>
    private static (double[] Values, double[,] Vectors) Decompose(IReadOnlyList<IReadOnlyList<double>> symmetric)
    {
        var a = new double[Channels, Channels];
        var vectors = new double[Channels, Channels];
        for (var i = 0; i < Channels * Channels; i++)
        {
            a[i / Channels, i % Channels] = symmetric[i / Channels][i % Channels];
            vectors[i / Channels, i % Channels] = i / Channels == i % Channels ? 1 : 0;
        }

        for (var sweep = 0; sweep < MostSweeps && Math.Abs(a[0, 1]) + Math.Abs(a[0, 2]) + Math.Abs(a[1, 2]) > 0; sweep++)
        {
            Rotate(a, vectors, 0, 1);
            Rotate(a, vectors, 0, 2);
            Rotate(a, vectors, 1, 2);
        }

        return ([a[0, 0], a[1, 1], a[2, 2]], vectors);
    }

    /// <summary>Makes the entry at (p, q) zero.</summary>
    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        var slope = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var tangent = (slope < 0 ? -1 : 1) / (Math.Abs(slope) + Math.Sqrt((slope * slope) + 1));
        var cos = 1 / Math.Sqrt((tangent * tangent) + 1);
        var sin = tangent * cos;
        for (var i = 0; i < Channels; i++)
        {
            (a[i, p], a[i, q]) = ((cos * a[i, p]) - (sin * a[i, q]), (sin * a[i, p]) + (cos * a[i, q]));
        }

        for (var i = 0; i < Channels; i++)
        {
            (a[p, i], a[q, i]) = ((cos * a[p, i]) - (sin * a[q, i]), (sin * a[p, i]) + (cos * a[q, i]));
            (vectors[i, p], vectors[i, q]) = ((cos * vectors[i, p]) - (sin * vectors[i, q]), (sin * vectors[i, p]) + (cos * vectors[i, q]));
        }

        (a[p, q], a[q, p]) = (0, 0);
    }
}
