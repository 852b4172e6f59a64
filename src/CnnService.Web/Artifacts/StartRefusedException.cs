namespace CnnService.Web.Artifacts;

/// <summary>The service must not start; the message is one sentence for whoever started it.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
