using System.Numerics.Tensors;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Pairwise similarities of t-SNE: each row has a Gaussian whose width gives the distribution over its neighbours the requested perplexity;
/// both directions are averaged, and all similarities sum to 1.
/// </summary>
internal static class Affinities
{
    private const int MaxSteps = 100;
    private const double Near = 1e-5;

    /// <param name="rows">Feature vectors, at least two.</param>
    /// <param name="perplexity">Effective number of neighbours, above 1 and below the number of rows.</param>
    /// <param name="cancel">Checked between rows.</param>
    public static double[][] Compute(double[][] rows, double perplexity, CancellationToken cancel)
    {
        double[][] shares = [.. rows.Select((_, i) => Row(rows, i, Math.Log(perplexity), cancel))];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                shares[i][j] = shares[j][i] = (shares[i][j] + shares[j][i]) / (2.0 * rows.Length);
            }
        }

        return shares;
    }

    private static double[] Row(double[][] rows, int at, double entropy, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        double[] distances = [.. rows.Select(row => SquaredDistance(rows[at], row))];
        var nearest = distances.Where((_, i) => i != at).Min();
        var mean = distances.Average() - nearest;
        var shares = new double[rows.Length];
        var (low, high, sharpness) = (0.0, double.PositiveInfinity, mean > 0 ? 1 / mean : 1);
        for (var step = 0; step < MaxSteps; step++)
        {
            var excess = Spread(distances, nearest, at, sharpness, shares) - entropy;
            if (Math.Abs(excess) <= Near)
            {
                break;
            }

            (low, high) = excess > 0 ? (sharpness, high) : (low, sharpness);
            sharpness = double.IsFinite(high) ? (low + high) / 2 : 2 * low;
        }

        return shares;
    }

    /// <summary>Fills the distribution over the neighbours for one width, and returns its entropy in nats.</summary>
    private static double Spread(double[] distances, double nearest, int at, double sharpness, double[] shares)
    {
        double sum = 0, weighted = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = i == at ? 0 : Math.Exp(-sharpness * (distances[i] - nearest));
            sum += shares[i];
            weighted += shares[i] * (distances[i] - nearest);
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= sum;
        }

        return Math.Log(sum) + (sharpness * weighted / sum);
    }

    private static double SquaredDistance(double[] one, double[] other)
    {
        var distance = TensorPrimitives.Distance<double>(one, other);
        return distance * distance;
    }
}
