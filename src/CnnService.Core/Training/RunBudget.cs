namespace CnnService.Core.Training;

/// <summary>The time a run may take, from its request to the published version.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Ends">When it is over.</param>
public sealed record RunBudget(TimeSpan Total, DateTimeOffset Ends);
