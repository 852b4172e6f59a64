namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// The directions in which rows of features differ most. By the covariance of the features or, where there are fewer rows, by the rows'
/// products with each other. A direction points to where its largest loading is positive. Deterministic.
/// </summary>
internal sealed class PrincipalComponents
{
    private const double Nothing = 1e-12;

    private PrincipalComponents(double[][] coordinates, IReadOnlyList<double> explained) => (Coordinates, Explained) = (coordinates, explained);

    /// <summary>For each row its places along the components.</summary>
    public double[][] Coordinates { get; }

    /// <summary>The share of the variance along each component, the largest first; all 0 where the rows are one and the same.</summary>
    public IReadOnlyList<double> Explained { get; }

    /// <param name="features">At least one row; all of one length. Not changed.</param>
    /// <param name="most">Components wanted; there are no more than rows or features.</param>
    /// <param name="cancel">Checked between the steps.</param>
    public static PrincipalComponents Of(double[][] features, int most, CancellationToken cancel = default)
    {
        var rows = Centred(features);
        var columns = rows.Length < rows[0].Length ? null : Transposed(rows);
        cancel.ThrowIfCancellationRequested();
        var products = Products(columns ?? rows, cancel);
        var total = Enumerable.Range(0, products.Length).Sum(i => products[i][i]);
        var eigen = new SymmetricEigen(products);
        cancel.ThrowIfCancellationRequested();
        var count = Math.Min(most, products.Length);
        double[] explained = [.. eigen.Values.Take(count).Select(value => total > 0 ? Math.Max(0, value) / total : 0)];
        var directions = Enumerable.Range(0, count)
            .Select(rank => explained[rank] <= Nothing ? new double[rows[0].Length] : Direction(columns is null ? Combined(rows, eigen.Vector(rank)) : eigen.Vector(rank)))
            .ToArray();
        return new([.. rows.Select(row => directions.Select(direction => Rows.Dot(row, direction)).ToArray())], explained);
    }

    private static double[][] Centred(double[][] features)
    {
        var mean = new double[features[0].Length];
        foreach (var row in features)
        {
            Rows.Add(mean, 1.0 / features.Length, row);
        }

        double[][] centred = [.. features.Select(row => (double[])row.Clone())];
        foreach (var row in centred)
        {
            Rows.Add(row, -1, mean);
        }

        return centred;
    }

    private static double[][] Transposed(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray())];

    private static double[][] Products(double[][] rows, CancellationToken cancel)
    {
        double[][] products = [.. rows.Select(_ => new double[rows.Length])];
        for (var i = 0; i < rows.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            for (var j = 0; j <= i; j++)
            {
                products[i][j] = products[j][i] = Rows.Dot(rows[i], rows[j]);
            }
        }

        return products;
    }

    private static double[] Combined(double[][] rows, double[] shares)
    {
        var sum = new double[rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            Rows.Add(sum, shares[i], rows[i]);
        }

        return sum;
    }

    /// <summary>Of length 1.</summary>
    private static double[] Direction(double[] vector)
    {
        var largest = vector.MaxBy(Math.Abs);
        var length = Math.CopySign(Math.Sqrt(Rows.Dot(vector, vector)), largest);
        return [.. vector.Select(value => value / length)];
    }
}
