namespace CnnService.Web.Work;

internal sealed partial class WorkOnce
{
    [LoggerMessage(LogLevel.Information, "Nothing waits that this worker can take")]
    private partial void LogNothing();
}
