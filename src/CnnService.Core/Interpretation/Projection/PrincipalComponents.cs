using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// The directions in which rows of features differ most. By the covariance of the features or, where there are fewer rows, by the rows'
/// products with each other. A direction points to where its largest loading is positive. Deterministic.
/// </summary>
internal sealed class PrincipalComponents
{
    private const double Nothing = 1e-12;

    private PrincipalComponents(double[][] coordinates, IReadOnlyList<double> explained) =>
        (Coordinates, Explained) = (coordinates, explained);

    /// <summary>For each row its places along the components.</summary>
    public double[][] Coordinates { get; }

    /// <summary>The share of the variance along each component, the largest first; all 0 where the rows are one and the same.</summary>
    public IReadOnlyList<double> Explained { get; }

    /// <param name="features">At least one row; all of one length, all finite. Not changed.</param>
    /// <param name="most">Components wanted; there are no more than rows or features.</param>
    /// <param name="cancel">Checked between the steps.</param>
    public static PrincipalComponents Compute(double[][] features, int most, CancellationToken cancel = default)
    {
        var rows = Centred(features);
        var columns = rows.Length < rows[0].Length ? null : Transposed(rows);
        cancel.ThrowIfCancellationRequested();
        var products = Products(columns ?? rows, cancel);
        var (total, size) = (products.Trace(), products.RowCount);
        var eigen = products.Evd(Symmetricity.Symmetric); // The smallest value comes first.
        cancel.ThrowIfCancellationRequested();
        var count = Math.Min(most, size);
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

    /// <summary>Row by row, since a symmetric half is enough and thousands of rows must hear of a cancellation.</summary>
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

    /// <summary>Of length 1, the largest loading positive.</summary>
    private static double[] Normalized(double[] vector)
    {
        TensorPrimitives.Divide(vector, Math.CopySign(TensorPrimitives.Norm<double>(vector), vector.MaxBy(Math.Abs)), vector);
        return vector;
    }
}
