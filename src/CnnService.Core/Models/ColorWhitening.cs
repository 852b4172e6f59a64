using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Models;

/// <summary>
/// ZCA colour whitening (Bell and Sejnowski, 1997; Krizhevsky, 2009, for single pixels): the symmetric matrix that takes colours of
/// a covariance to colours without any, each of deviation 1, and turns them as little as can be.
/// </summary>
public static class ColorWhitening
{
    /// <summary>Added to each variance, so that a colour that hardly varies is not blown up into noise: 0.8 of 255 levels of deviation.</summary>
    public const double Floor = 1e-5;

    /// <summary><c>U diag(1/sqrt(variance + Floor)) U'</c>, rows first.</summary>
    /// <param name="covariance">3x3, symmetric, of values 0–1.</param>
    public static IReadOnlyList<IReadOnlyList<double>> Matrix(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var scale = Matrix<double>.Build.DenseOfDiagonalVector(variances.Map(variance => 1 / Math.Sqrt(variance + Floor)));
        return (axes * scale).TransposeAndMultiply(axes).ToRowArrays();
    }

    /// <summary>
    /// The way back: from independent numbers of deviation 1 to colours of this covariance, <c>U diag(sqrt(variance))</c>, the rows red, green and blue
    /// one behind the other. The axis that varies most comes first, each with more light than dark.
    /// </summary>
    /// <inheritdoc cref="Matrix"/>
    public static IReadOnlyList<double> Coloring(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var (variances, axes) = Decompose(covariance);
        var columns = axes.EnumerateColumns().Zip(variances, (axis, variance) => axis * (Math.Sqrt(variance) * (axis.Sum() < 0 ? -1 : 1)));
        return Matrix<double>.Build.DenseOfColumnVectors(columns.Reverse()).ToRowMajorArray(); // The smallest variance comes first from the library.
    }

    /// <summary>Variances, the smallest first and none below 0, and the axes along which they lie (columns).</summary>
    private static (Vector<double> Variances, Matrix<double> Axes) Decompose(IReadOnlyList<IReadOnlyList<double>> covariance)
    {
        var eigen = Matrix<double>.Build.DenseOfRows(covariance).Evd(Symmetricity.Symmetric);
        return (eigen.EigenValues.Map(value => Math.Max(0, value.Real)), eigen.EigenVectors);
    }
}
