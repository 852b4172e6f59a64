using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Models;

/// <summary>
/// ZCA colour whitening (Bell and Sejnowski, 1997; Krizhevsky, 2009, applied to single pixels): the symmetric matrix that maps colours of a
/// given covariance to uncorrelated ones of unit deviation, while changing them as little as possible.
/// </summary>
public static class ColorWhitening
{
    /// <summary>
    /// Added to each variance, so that a colour direction that hardly varies is not amplified into noise: a deviation of
    /// 0.8 of 255 levels.
    /// </summary>
    public const double VarianceFloor = 1e-5;

    /// <summary>The whitening matrix <c>U diag(1/sqrt(variance + Floor)) U'</c>, row by row.</summary>
    /// <param name="covariance">3x3, symmetric, of values 0–1.</param>
    public static IReadOnlyList<IReadOnlyList<double>> Matrix(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var scale = Matrix<double>.Build.DenseOfDiagonalVector(variances.Map(variance => 1 / Math.Sqrt(variance + VarianceFloor)));
        return (axes * scale).TransposeAndMultiply(axes).ToRowArrays();
    }

    /// <summary>
    /// The inverse direction: from independent numbers of unit deviation to colours of this covariance, <c>U diag(sqrt(variance))</c>, 3x3
    /// in row-major order, rows red, green and blue. Columns are ordered by decreasing variance, each signed towards light.
    /// </summary>
    /// <inheritdoc cref="Matrix"/>
    public static IReadOnlyList<double> Coloring(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var columns = axes.EnumerateColumns().Zip(variances, (axis, variance) => axis * (Math.Sqrt(variance) * (axis.Sum() < 0 ? -1 : 1)));
        return Matrix<double>.Build.DenseOfColumnVectors(columns.Reverse()).ToRowMajorArray(); // Evd returns the smallest variance first.
    }

    /// <summary>Variances in ascending order, none negative, and the principal axes (columns).</summary>
    private static (Vector<double> Variances, Matrix<double> Axes) Decompose(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var eigen = Matrix<double>.Build.DenseOfRows(covariance).Evd(Symmetricity.Symmetric);
        return (eigen.EigenValues.Map(value => Math.Max(0, value.Real)), eigen.EigenVectors);
    }
}
