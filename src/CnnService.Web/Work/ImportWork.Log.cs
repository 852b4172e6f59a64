namespace CnnService.Web.Work;

internal sealed partial class ImportWork
{
    [LoggerMessage(LogLevel.Error, "The import of {Id} failed in a way that is not foreseen")]
    private partial void LogFailed(Exception failure, string id);
}
