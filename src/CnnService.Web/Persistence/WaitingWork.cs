namespace CnnService.Web.Persistence;

/// <summary>Work that nobody does at present.</summary>
/// <param name="Id">The run's id, or the data set's name.</param>
/// <param name="Attempt">How often it was claimed so far.</param>
internal sealed record WaitingWork(string Id, int Attempt);
