namespace CnnService.Core.Training.Sweeps;

/// <summary>Decides which trials of a sweep run next, and how it ends. Pure functions.</summary>
public static class SweepSchedule
{
    /// <summary>
    /// Fills the free places with waiting trials, the lowest numbers first. The sweep ends once no trial is active or can be queued.
    /// </summary>
    /// <param name="trials">All trials of the sweep.</param>
    /// <param name="parallel">Maximum number of active trials, at least 1.</param>
    /// <param name="cancelRequested">Whether the sweep is being cancelled: active trials end, waiting ones are never queued.</param>
    public static SweepStep Next(IReadOnlyCollection<ScheduledTrial> trials, int parallel, bool cancelRequested)
    {
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        var active = trials.Count(trial => trial.Phase == TrialPhase.Active);
        var free = cancelRequested ? 0 : Math.Max(0, parallel - active);
        int[] queue =
            [.. trials.Where(trial => trial.Phase == TrialPhase.Waiting).Select(trial => trial.Number).Order().Take(free)];
        return new(queue, active + queue.Length > 0 ? SweepState.Running : End(trials, cancelRequested));
    }

    private static SweepState End(IReadOnlyCollection<ScheduledTrial> trials, bool cancelRequested) =>
        cancelRequested ? SweepState.Cancelled
        : trials.Any(trial => trial.Phase == TrialPhase.Succeeded) ? SweepState.Succeeded
        : trials.Any(trial => trial.Phase == TrialPhase.Failed) ? SweepState.Failed
        : SweepState.Cancelled;
}
