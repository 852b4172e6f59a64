namespace CnnService.Web.Persistence;

/// <summary>Number of trials of a sweep in a state.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="State">State of their runs; null: not queued yet.</param>
/// <param name="IsStopped">Whether successive halving stopped them.</param>
/// <param name="Count">Number of trials.</param>
internal sealed record TrialCount(string SweepId, WorkState? State, bool IsStopped, int Count);
