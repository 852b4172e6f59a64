namespace CnnService.Core.Classification.Drift;

/// <summary>Distances between two distributions over the same bins.</summary>
public static class StabilityIndex
{
    /// <summary>Pseudocount per bin, so that an empty one does not make the index infinite.</summary>
    public const double Added = 0.5;

    private const double Normal95 = 1.6448536269514722;

    /// <summary>
    /// The population stability index, sum of (q - p) ln(q / p); bins that are empty in both are left out. By convention below 0.1 is no
    /// change, above 0.25 a large one.
    /// </summary>
    /// <param name="before">Counts per bin.</param>
    /// <param name="now">Counts over the same bins.</param>
    public static double Compute(IReadOnlyList<long> before, IReadOnlyList<long> now) => Parts(before, now).Sum();

    /// <summary>Contribution of each bin to the index.</summary>
    public static IReadOnlyList<double> Parts(IReadOnlyList<long> before, IReadOnlyList<long> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        ArgumentOutOfRangeException.ThrowIfNotEqual(now.Count, before.Count);
        var bins = Used(before, now);
        double sumBefore = before.Sum() + (Added * bins), sumNow = now.Sum() + (Added * bins);
        return [.. before.Zip(now, (b, n) => b + n == 0 ? 0 : Part((b + Added) / sumBefore, (n + Added) / sumNow))];
    }

    /// <summary>
    /// 95th percentile of the index if nothing has changed: it is then distributed about as (1/m + 1/n) times chi-squared with one degree
    /// of freedom less than there are bins (B. Yurdakul, "Statistical Properties of Population Stability Index", 2018; quantile after
    /// Wilson and Hilferty).
    /// </summary>
    public static double Chance(IReadOnlyList<long> before, IReadOnlyList<long> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        var degrees = Used(before, now) - 1;
        if (degrees < 1)
        {
            return 0;
        }

        var spread = 2.0 / (9 * degrees);
        return ((1.0 / Math.Max(1, before.Sum())) + (1.0 / Math.Max(1, now.Sum()))) * degrees
            * Math.Pow(1 - spread + (Normal95 * Math.Sqrt(spread)), 3);
    }

    /// <summary>
    /// Total variation distance, half the sum of |q - p|, 0–1: the share of one distribution that would have to move to equal the other. 0
    /// if either is empty.
    /// </summary>
    public static double TotalVariation(IReadOnlyList<long> before, IReadOnlyList<long> now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(now);
        double sumBefore = before.Sum(), sumNow = now.Sum();
        return sumBefore == 0 || sumNow == 0 ? 0 : before.Zip(now, (b, n) => Math.Abs((b / sumBefore) - (n / sumNow))).Sum() / 2;
    }

    private static double Part(double before, double now) => (now - before) * Math.Log(now / before);

    private static int Used(IReadOnlyList<long> before, IReadOnlyList<long> now) => before.Zip(now, (b, n) => b + n > 0 ? 1 : 0).Sum();
}
