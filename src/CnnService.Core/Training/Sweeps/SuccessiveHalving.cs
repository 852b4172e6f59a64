namespace CnnService.Core.Training.Sweeps;

/// <summary>Whether a trial goes on beyond a rung. Pure functions of the figures there.</summary>
public static class SuccessiveHalving
{
    /// <summary>
    /// A trial goes on where it is no worse than the last of the best n/factor (rounded down, at least one) of the n trials that
    /// have reached the rung so far: the first to come goes on, and those that come later are measured by all before them.
    /// </summary>
    /// <param name="figure">The trial's best figure up to the rung.</param>
    /// <param name="reached">Those of all trials that have reached it, this one's among them.</param>
    /// <param name="metric">Which figure it is.</param>
    /// <param name="factor">From 2.</param>
    public static HalvingDecision Decide(double figure, IReadOnlyCollection<double> reached, MonitoredMetric metric, int factor)
    {
        ArgumentNullException.ThrowIfNull(reached);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        var kept = Math.Max(1, reached.Count / factor);
        var cutoff = reached.Order(metric.BestFirst()).ElementAt(kept - 1);
        return new(metric.BestFirst().Compare(figure, cutoff) <= 0, kept, reached.Count, cutoff);
    }
}

/// <param name="GoesOn">False: the trial is to end.</param>
/// <param name="Kept">How many go on.</param>
/// <param name="Reached">Of how many.</param>
/// <param name="Cutoff">The figure of the last of those.</param>
public sealed record HalvingDecision(bool GoesOn, int Kept, int Reached, double Cutoff);

/// <summary>The order of a metric's figures.</summary>
public static class MetricOrder
{
    private static readonly Comparer<double> Rising = Comparer<double>.Create((one, other) => one.CompareTo(other));
    private static readonly Comparer<double> Falling = Comparer<double>.Create((one, other) => other.CompareTo(one));

    /// <summary>Sorts the better figure before the worse: the smaller loss, the larger accuracy.</summary>
    public static IComparer<double> BestFirst(this MonitoredMetric metric) => metric == MonitoredMetric.ValidationLoss ? Rising : Falling;
}
