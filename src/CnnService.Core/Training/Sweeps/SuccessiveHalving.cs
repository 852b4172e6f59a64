namespace CnnService.Core.Training.Sweeps;

/// <summary>Decides whether a trial passes a rung. Pure functions.</summary>
public static class SuccessiveHalving
{
    /// <summary>
    /// A trial passes if it is no worse than the last of the best n/factor (rounded down, at least one) of the n trials that have reached
    /// the rung so far: the first to arrive always passes, later ones are compared with all before them.
    /// </summary>
    /// <param name="figure">Best value of the metric that the trial has reached up to the rung.</param>
    /// <param name="reached">Values of all trials that have reached the rung, including this one's.</param>
    /// <param name="metric">The metric that is compared.</param>
    /// <param name="factor">Reduction factor, at least 2.</param>
    public static HalvingDecision Decide(double figure, IReadOnlyCollection<double> reached, MonitoredMetric metric, int factor)
    {
        ArgumentNullException.ThrowIfNull(reached);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        var kept = Math.Max(1, reached.Count / factor);
        var cutoff = reached.Order(metric.BestFirst()).ElementAt(kept - 1);
        return new(metric.BestFirst().Compare(figure, cutoff) <= 0, kept, reached.Count, cutoff);
    }
}

/// <param name="GoesOn">False if the trial is to be stopped.</param>
/// <param name="Kept">Number of trials that pass.</param>
/// <param name="Reached">Number of trials that have reached the rung.</param>
/// <param name="Cutoff">Value of the worst trial that passes.</param>
public sealed record HalvingDecision(bool GoesOn, int Kept, int Reached, double Cutoff);

/// <summary>Orders values of a metric.</summary>
public static class MetricOrder
{
    private static readonly Comparer<double> Rising = Comparer<double>.Create((one, other) => one.CompareTo(other));
    private static readonly Comparer<double> Falling = Comparer<double>.Create((one, other) => other.CompareTo(one));

    /// <summary>Sorts the better value first: smaller loss, larger accuracy.</summary>
    public static IComparer<double> BestFirst(this MonitoredMetric metric) => metric == MonitoredMetric.ValidationLoss ? Rising : Falling;
}
