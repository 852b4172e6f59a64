namespace CnnService.Web.Persistence;

/// <summary>What the database says of a run at one moment.</summary>
/// <param name="Row">Null where the run is gone.</param>
/// <param name="Events">The events since the snapshot before, in order; of the first snapshot none.</param>
/// <param name="LastSequence">The number of the last event up to now; 0 before the first.</param>
internal sealed record RunSnapshot(RunRow? Row, IReadOnlyList<RunEventRow> Events, int LastSequence);
