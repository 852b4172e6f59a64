namespace CnnService.Web.Artifacts;

/// <summary>The service cannot start; the message is one sentence for the operator.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
