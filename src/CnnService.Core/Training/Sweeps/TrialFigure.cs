namespace CnnService.Core.Training.Sweeps;

/// <summary>What the epochs of a trial show, all of them or those up to a rung.</summary>
/// <param name="Last">The last completed epoch, from 1.</param>
/// <param name="Best">Best value of the sweep's metric; null if no epoch was validated.</param>
/// <param name="BestEpoch">The first epoch with that value.</param>
public sealed record TrialFigure(int Last, double? Best, int? BestEpoch);
