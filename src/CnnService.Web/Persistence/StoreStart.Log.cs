namespace CnnService.Web.Persistence;

internal sealed partial class StoreStart
{
    [LoggerMessage(LogLevel.Warning, "The database is replaced by {Replacement}; what was there is kept as {Aside}")]
    private partial void LogReplaced(string replacement, string aside);

    [LoggerMessage(LogLevel.Warning, "The database was recovered: {Added} were added from their files")]
    private partial void LogRecovered(string added);

    [LoggerMessage(LogLevel.Information, "The database was backed up to {File} before it is migrated")]
    private partial void LogBackedUp(string file);
}
