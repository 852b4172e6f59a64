namespace CnnService.Web.Persistence;

internal sealed partial class DatabaseMigration
{
    [LoggerMessage(LogLevel.Information, "Another process migrates the database: this one starts when that is done")]
    private partial void LogWaiting();
}
