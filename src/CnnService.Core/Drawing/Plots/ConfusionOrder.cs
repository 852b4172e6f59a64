namespace CnnService.Core.Drawing.Plots;

/// <summary>
/// Orders classes so that those that are confused stand together: average-linkage clustering by the share of images that are taken for each
/// other, the halves of each cluster turned so that the more similar ends meet.
/// </summary>
internal static class ConfusionOrder
{
    /// <param name="confusion">Number of images by true and predicted class.</param>
    public static IReadOnlyList<int> Arrange(IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        var count = confusion.Count;
        double[] rows = [.. confusion.Select(row => Math.Max(1.0, row.Sum()))];
        var near = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                near[i, j] = i == j ? double.NegativeInfinity : (confusion[i][j] / rows[i]) + (confusion[j][i] / rows[j]);
            }
        }

        var linked = (double[,])near.Clone();
        List<int>?[] clusters = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        for (var left = count; left > 1; left--)
        {
            var (a, b) = Nearest(clusters, linked);
            for (var k = 0; k < count; k++)
            {
                if (k != a && k != b && clusters[k] is not null)
                {
                    var (sizeA, sizeB) = (clusters[a]!.Count, clusters[b]!.Count);
                    linked[a, k] = linked[k, a] = ((sizeA * linked[a, k]) + (sizeB * linked[b, k])) / (sizeA + sizeB);
                }
            }

            clusters[a] = Join(clusters[a]!, clusters[b]!, near);
            clusters[b] = null;
        }

        return clusters.First(cluster => cluster is not null)!;
    }

    /// <summary>The first of equally near pairs, so that classes that are never confused keep their order.</summary>
    private static (int A, int B) Nearest(List<int>?[] clusters, double[,] linked)
    {
        var (best, pair) = (double.NegativeInfinity, (0, 0));
        for (var i = 0; i < clusters.Length; i++)
        {
            for (var j = i + 1; clusters[i] is not null && j < clusters.Length; j++)
            {
                if (clusters[j] is not null && linked[i, j] > best)
                {
                    (best, pair) = (linked[i, j], (i, j));
                }
            }
        }

        return pair;
    }

    private static List<int> Join(List<int> a, List<int> b, double[,] near)
    {
        List<int> backA = [.. a.AsEnumerable().Reverse()], backB = [.. b.AsEnumerable().Reverse()];
        (List<int> First, List<int> Second)[] ways = [(a, b), (backA, b), (a, backB), (backA, backB)];
        var (first, second) = ways.MaxBy(way => near[way.First[^1], way.Second[0]]);
        return [.. first, .. second];
    }
}
