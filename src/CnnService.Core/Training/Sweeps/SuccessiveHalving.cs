namespace CnnService.Core.Training.Sweeps;

/// <summary>Decides whether a trial passes a rung. Pure functions.</summary>
public static class SuccessiveHalving
{
    /// <summary>Compares a trial with those that have completed the rung's epochs so far.</summary>
    /// <param name="trial">Key of the trial in <paramref name="figures"/>.</param>
    /// <param name="figures">Of all trials of the sweep, over their epochs up to the rung.</param>
    /// <param name="rung">The rung that the trial has reached.</param>
    /// <param name="metric">The metric that is compared.</param>
    /// <param name="factor">Reduction factor, at least 2.</param>
    /// <returns>Null if nothing can be said of the trial: it has not completed the rung or was not validated until then.</returns>
    public static HalvingDecision? Judge(
        string trial, IReadOnlyDictionary<string, TrialFigure> figures, HalvingRung rung, MonitoredMetric metric, int factor)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(rung);
        return figures.TryGetValue(trial, out var own) && AtRung(own) is { } figure
            ? Decide(figure, [.. figures.Values.Select(AtRung).OfType<double>()], metric, factor)
            : null;

        double? AtRung(TrialFigure of) => of.Last == rung.Epochs && of.Best is { } best && !double.IsNaN(best) ? best : null;
    }

    /// <summary>
    /// A trial passes if it is no worse than the last of the best n/factor (rounded down, at least one) of the n trials that have reached
    /// the rung so far: the first to arrive always passes, later ones are compared with all before them.
    /// </summary>
    /// <param name="figure">Best value of the metric that the trial has reached up to the rung.</param>
    /// <param name="reached">Values of all trials that have reached the rung, including this one's.</param>
    /// <param name="metric">The metric that is compared.</param>
    /// <param name="factor">Reduction factor, at least 2.</param>
    internal static HalvingDecision Decide(double figure, IReadOnlyCollection<double> reached, MonitoredMetric metric, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        var passing = Math.Max(1, reached.Count / factor);
        var cutoff = reached.Order(metric.BestFirst()).ElementAt(passing - 1);
        return new(metric.BestFirst().Compare(figure, cutoff) <= 0, figure, passing, reached.Count, cutoff);
    }
}
