using System.Numerics.Tensors;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>Trustworthiness of a projection's neighbourhoods (Venna and Kaski, 2001).</summary>
internal static class Trustworthiness
{
    public const int Neighbours = 12;

    /// <summary>
    /// 1 if all neighbours in the projection are neighbours in feature space, about 0.5 for a random projection; null for too few rows.
    /// </summary>
    /// <param name="truth">Rows in feature space.</param>
    /// <param name="map">The same rows in the projection.</param>
    /// <param name="cancel">Checked between rows.</param>
    public static double? Of(double[][] truth, double[][] map, CancellationToken cancel = default)
    {
        var count = truth.Length;
        if (count <= 2 * Neighbours)
        {
            return null;
        }

        long strangers = 0;
        for (var i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var rank = new int[count];
            foreach (var (place, row) in ByDistance(truth, i).Index())
            {
                rank[row] = place + 1;
            }

            strangers += ByDistance(map, i).Take(Neighbours).Sum(row => Math.Max(0, rank[row] - Neighbours));
        }

        return 1 - (2.0 * strangers / ((double)count * Neighbours * ((2 * count) - (3 * Neighbours) - 1)));
    }

    /// <summary>Indexes of the other rows, nearest first.</summary>
    internal static IEnumerable<int> ByDistance(double[][] rows, int from)
    {
        double[] distances = [.. rows.Select(row => TensorPrimitives.Distance<double>(rows[from], row))];
        distances[from] = -1;
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(distances, order);
        return order.Skip(1);
    }
}
