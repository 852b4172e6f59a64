namespace CnnService.Core.Training;

/// <summary>Which epoch of a history is best, and whether a run has stopped getting better. Pure functions of the history.</summary>
public static class EpochSelection
{
    /// <summary>
    /// The index of the epoch whose weights are kept: smallest validation loss, or training loss where nothing was validated;
    /// the earlier of two equals.
    /// </summary>
    /// <param name="history">At least one epoch.</param>
    public static int Best(IReadOnlyList<EpochMetrics> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var best = 0;
        for (var i = 1; i < history.Count; i++)
        {
            if (Loss(history[i]) < Loss(history[best]))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>True once the monitored metric has had no new best for as many epochs as the rule allows.</summary>
    public static bool ShouldStop(IReadOnlyList<EpochMetrics> history, EarlyStoppingSpec? rule)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (rule is null || history.Count == 0)
        {
            return false;
        }

        var best = 0;
        for (var i = 1; i < history.Count; i++)
        {
            if (Score(history[i], rule.Monitor) > Score(history[best], rule.Monitor))
            {
                best = i;
            }
        }

        return history.Count - 1 - best >= rule.Patience;
    }

    private static double Loss(EpochMetrics epoch) => double.IsNaN(epoch.ValidationLoss) ? epoch.Loss : epoch.ValidationLoss;

    /// <summary>Larger is better.</summary>
    private static double Score(EpochMetrics epoch, MonitoredMetric metric) =>
        metric == MonitoredMetric.ValidationAccuracy && !double.IsNaN(epoch.ValidationAccuracy) ? epoch.ValidationAccuracy : -Loss(epoch);
}
