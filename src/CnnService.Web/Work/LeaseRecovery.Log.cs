namespace CnnService.Web.Work;

internal sealed partial class LeaseRecovery
{
    [LoggerMessage(LogLevel.Information, "Deleted {File}, left by a crash")]
    private partial void LogDeleted(string file);

    [LoggerMessage(LogLevel.Warning, "Waiting work cannot be looked for: {Reason}")]
    private partial void LogUnavailable(string reason);
}
