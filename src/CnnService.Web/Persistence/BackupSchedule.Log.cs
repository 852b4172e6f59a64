namespace CnnService.Web.Persistence;

internal sealed partial class BackupSchedule
{
    [LoggerMessage(LogLevel.Information, "The database was backed up to {File}")]
    private partial void LogMade(string file);

    [LoggerMessage(LogLevel.Warning, "The database cannot be backed up, which is tried again in an hour: {Reason}")]
    private partial void LogFailed(string reason);
}
