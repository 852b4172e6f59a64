namespace CnnService.Core.Training.Sweeps;

/// <summary>A trial as the schedule of its sweep sees it.</summary>
/// <param name="Number">From 1; trials are queued in this order.</param>
/// <param name="Phase">How far it has come.</param>
public sealed record ScheduledTrial(int Number, TrialPhase Phase);
