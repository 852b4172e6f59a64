using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Principal component analysis, through the covariance of the features or, if there are fewer rows than features, the Gram matrix of the
/// rows. The sign of a component is chosen so that its largest loading is positive. Deterministic.
/// </summary>
internal sealed class PrincipalComponents
{
    private const double Nothing = 1e-12;

    private PrincipalComponents(double[][] coordinates, IReadOnlyList<double> explained) =>
        (Coordinates, Explained) = (coordinates, explained);

    /// <summary>Scores of each row, <c>[row][component]</c>.</summary>
    public double[][] Coordinates { get; }

    /// <summary>Share of the variance explained by each component, largest first; all 0 if the rows are equal.</summary>
    public IReadOnlyList<double> Explained { get; }

    /// <param name="features">At least one row; equally long, finite. Not changed.</param>
    /// <param name="maxCount">Most components to compute; there are no more than rows or features.</param>
    /// <param name="cancel">Checked between the steps.</param>
    public static PrincipalComponents Compute(double[][] features, int maxCount, CancellationToken cancel = default)
    {
        var rows = Centred(features);
        var columns = rows.Length < rows[0].Length ? null : Transposed(rows);
        cancel.ThrowIfCancellationRequested();
        var products = Products(columns ?? rows, cancel);
        var (total, size) = (products.Trace(), products.RowCount);
        var eigen = products.Evd(Symmetricity.Symmetric); // The smallest value comes first.
        cancel.ThrowIfCancellationRequested();
        var count = Math.Min(maxCount, size);
        double[] explained = [
            .. Enumerable.Range(1, count).Select(rank => total > 0 ? Math.Max(0, eigen.EigenValues[size - rank].Real) / total : 0)];
        var directions = Enumerable.Range(0, count).Select(Direction).ToArray();
        return new([.. rows.Select(row => directions.Select(direction => TensorPrimitives.Dot<double>(row, direction)).ToArray())],
            explained);

        double[] Direction(int rank)
        {
            if (explained[rank] <= Nothing)
            {
                return new double[rows[0].Length];
            }

            var vector = eigen.EigenVectors.Column(size - 1 - rank).ToArray();
            return Normalized(columns is null ? Combined(rows, vector) : vector);
        }
    }

    private static double[][] Centred(double[][] features)
    {
        var mean = new double[features[0].Length];
        foreach (var row in features)
        {
            TensorPrimitives.MultiplyAdd(row, 1.0 / features.Length, mean, mean);
        }

        double[][] centred = [.. features.Select(row => (double[])row.Clone())];
        foreach (var row in centred)
        {
            TensorPrimitives.Subtract(row, mean, row);
        }

        return centred;
    }

    private static double[][] Transposed(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray())];

    /// <summary>Row by row, since half of a symmetric matrix is enough, and to check for cancellation among thousands of rows.</summary>
    private static Matrix<double> Products(double[][] rows, CancellationToken cancel)
    {
        var products = Matrix<double>.Build.Dense(rows.Length, rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            for (var j = 0; j <= i; j++)
            {
                products[i, j] = products[j, i] = TensorPrimitives.Dot<double>(rows[i], rows[j]);
            }
        }

        return products;
    }

    private static double[] Combined(double[][] rows, double[] shares)
    {
        var sum = new double[rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(rows[i], shares[i], sum, sum);
        }

        return sum;
    }

    /// <summary>The vector scaled to length 1, with its largest loading positive.</summary>
    private static double[] Normalized(double[] vector)
    {
        TensorPrimitives.Divide(vector, Math.CopySign(TensorPrimitives.Norm<double>(vector), vector.MaxBy(Math.Abs)), vector);
        return vector;
    }
}
