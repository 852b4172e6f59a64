namespace CnnService.Web.Persistence;

/// <summary>A trial and its result.</summary>
/// <param name="Trial">Number of the trial, from 1.</param>
/// <param name="Values">Values by path into the request, as JSON.</param>
/// <param name="RunId">Null until it is queued.</param>
/// <param name="State">State of its run; null until it is queued.</param>
/// <param name="Version">The model version it produced; null until it has succeeded.</param>
/// <param name="Failure">The problem it ended with, as JSON; null if none.</param>
/// <param name="StoppedAtRung">The rung, from 0, at which it was stopped; null if it was not.</param>
/// <param name="Epochs">Completed epochs.</param>
/// <param name="Score">Best value of the sweep's metric; null if no epoch was validated.</param>
/// <param name="ScoreEpoch">The epoch of the best value.</param>
internal sealed record TrialView(
    int Trial, string Values, string? RunId, WorkState? State, int? Version, string? Failure, int? StoppedAtRung, int Epochs, double? Score,
    int? ScoreEpoch);
