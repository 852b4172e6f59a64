namespace CnnService.Web.Persistence;

/// <summary>The database does not answer or is busy beyond the time limit; retrying may succeed.</summary>
internal sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
