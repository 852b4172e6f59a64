namespace CnnService.Core.Training;

/// <summary>Selects the best epoch of a run and decides on early stopping. Pure functions of the history.</summary>
public static class EpochSelection
{
    /// <summary>
    /// Index of the epoch whose weights are kept: the smallest validation loss of the validated epochs, or the smallest training loss where
    /// nothing was validated; the earlier of two equals.
    /// </summary>
    /// <param name="history">At least one epoch.</param>
    public static int BestIndex(IReadOnlyList<EpochMetrics> history) => BestIndex(history, MonitoredMetric.ValidationLoss);

    /// <summary>
    /// True once the monitored metric has had no new best for as many epochs as the rule allows. Epochs without validation count towards
    /// that number, but are never the best, and the run does not stop at one.
    /// </summary>
    public static bool ShouldStop(IReadOnlyList<EpochMetrics> history, EarlyStoppingSpec? rule)
    {
        ArgumentNullException.ThrowIfNull(history);
        return rule is not null && history.Count > 0
            && (IsValidated(history[^1]) || !history.Any(IsValidated))
            && history.Count - 1 - BestIndex(history, rule.Monitor) >= rule.Patience;
    }

    private static int BestIndex(IReadOnlyList<EpochMetrics> history, MonitoredMetric metric)
    {
        ArgumentNullException.ThrowIfNull(history);
        var validated = history.Any(IsValidated);
        var best = -1;
        for (var i = 0; i < history.Count; i++)
        {
            var counts = !validated || IsValidated(history[i]);
            if (counts && (best < 0 || Score(history[i], metric) > Score(history[best], metric)))
            {
                best = i;
            }
        }

        return best;
    }

    private static bool IsValidated(EpochMetrics epoch) => !double.IsNaN(epoch.ValidationLoss);

    /// <summary>Larger is better.</summary>
    private static double Score(EpochMetrics epoch, MonitoredMetric metric) => !IsValidated(epoch) ? -epoch.Loss
        : metric == MonitoredMetric.ValidationAccuracy ? epoch.ValidationAccuracy
        : -epoch.ValidationLoss;
}
