namespace CnnService.Core.Training.Comparing;

/// <summary>
/// Whether two classifiers, judged on the same pictures, differ by more than chance: only pictures that one gets right and the other
/// wrong tell (Q. McNemar, "Note on the sampling error of the difference between correlated proportions", 1947).
/// </summary>
public static class McNemar
{
    /// <summary>Below this a difference is told to be more than chance.</summary>
    public const double Level = 0.05;

    /// <summary>
    /// The exact two-sided p value: how often fair coins, one for each such picture, would fall at least as unevenly. 1 where there is
    /// none.
    /// </summary>
    /// <param name="onlyFirst">Pictures that only the first gets right.</param>
    /// <param name="onlySecond">Pictures that only the second gets right.</param>
    public static double PValue(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var all = onlyFirst + onlySecond;
        var term = -all * Math.Log(2); // Of the binomial distribution, as a logarithm: 2^-n leaves the range of doubles.
        var tail = 0.0;
        for (var i = 0; i <= Math.Min(onlyFirst, onlySecond); i++)
        {
            tail += Math.Exp(term);
            term += Math.Log(all - i) - Math.Log(i + 1);
        }

        return Math.Min(1, 2 * tail);
    }

    /// <summary>The chi-squared statistic with Edwards' continuity correction; 0 where no picture tells.</summary>
    public static double Statistic(int onlyFirst, int onlySecond)
    {
        var all = onlyFirst + onlySecond;
        var difference = Math.Max(0, Math.Abs(onlyFirst - onlySecond) - 1.0);
        return all == 0 ? 0 : difference * difference / all;
    }
}
