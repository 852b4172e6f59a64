namespace CnnService.Core.Training.Sweeps;

/// <summary>Ranks the trials of a sweep. A pure function.</summary>
public static class TrialRanking
{
    /// <summary>
    /// Trials with a score, best first, the lower number first among equals, ranked from 1; then those without one, by number, whose rank
    /// is null. NaN is no score.
    /// </summary>
    /// <param name="trials">The trials in any order.</param>
    /// <param name="score">The best value of the metric that a trial has reached; null if no epoch was validated.</param>
    /// <param name="number">Number of a trial in its sweep.</param>
    /// <param name="metric">The metric that is compared.</param>
    public static IReadOnlyList<(T Trial, int? Rank)> Rank<T>(
        IEnumerable<T> trials, Func<T, double?> score, Func<T, int> number, MonitoredMetric metric)
    {
        var byScore = trials.ToLookup(trial => score(trial) is { } value && !double.IsNaN(value));
        return
        [
            .. byScore[true].OrderBy(trial => score(trial)!.Value, metric.BestFirst()).ThenBy(number)
                .Select((trial, i) => (trial, (int?)(i + 1))),
            .. byScore[false].OrderBy(number).Select(trial => (trial, (int?)null)),
        ];
    }
}
