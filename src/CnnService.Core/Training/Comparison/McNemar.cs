namespace CnnService.Core.Training.Comparison;

/// <summary>
/// McNemar's test: whether two classifiers evaluated on the same images differ by more than chance. Only images that one classifies
/// correctly and the other does not are informative (Q. McNemar, "Note on the sampling error of the difference between correlated
/// proportions", 1947).
/// </summary>
public static class McNemar
{
    /// <summary>Significance level: a p-value below it counts as more than chance.</summary>
    public const double Level = 0.05;

    /// <summary>
    /// The exact two-sided p-value: how often fair coins, one per informative image, would fall at least as unevenly. 1 where there
    /// is none.
    /// </summary>
    /// <param name="onlyFirst">Number of images that only the first classifies correctly.</param>
    /// <param name="onlySecond">Number of images that only the second classifies correctly.</param>
    public static double PValue(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var all = onlyFirst + onlySecond;
        var term = -all * Math.Log(2); // Binomial term as a logarithm, since 2^-n may underflow.
        var tail = 0.0;
        for (var i = 0; i <= Math.Min(onlyFirst, onlySecond); i++)
        {
            tail += Math.Exp(term);
            term += Math.Log(all - i) - Math.Log(i + 1);
        }

        return Math.Min(1, 2 * tail);
    }

    /// <summary>The chi-squared statistic with Edwards' continuity correction; 0 without informative images.</summary>
    public static double Statistic(int onlyFirst, int onlySecond)
    {
        var all = onlyFirst + onlySecond;
        var difference = Math.Max(0, Math.Abs(onlyFirst - onlySecond) - 1.0);
        return all == 0 ? 0 : difference * difference / all;
    }
}
