namespace CnnService.Web.Persistence;

/// <summary>The state of a run at one moment.</summary>
/// <param name="Row">The run's row; null if it was deleted.</param>
/// <param name="Events">The events since the previous snapshot, in order; empty in the first one.</param>
/// <param name="LastSequence">Number of the last event; 0 if there is none.</param>
internal sealed record RunSnapshot(RunRow? Row, IReadOnlyList<RunEventRow> Events, int LastSequence);
