namespace CnnService.Web.Work;

/// <summary>Stands for an exception whose message and stack trace are not to be shown.</summary>
internal sealed class WorkFailedException(Exception failure)
    : Exception($"It failed with {failure.GetType().Name}: see the service's log.");
