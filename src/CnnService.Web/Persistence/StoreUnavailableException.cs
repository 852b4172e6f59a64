namespace CnnService.Web.Persistence;

/// <summary>The database does not answer, or is busy beyond its time limit; the caller may try again.</summary>
internal sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
