namespace CnnService.Web.Work;

internal sealed partial class LeaseRecovery
{
    [LoggerMessage(LogLevel.Warning, "Waiting work cannot be looked for: {Reason}")]
    private partial void LogUnavailable(string reason);
}
