namespace CnnService.Web.Work;

internal sealed partial class WorkQueue
{
    [LoggerMessage(LogLevel.Warning, "The job storage does not answer; waiting work is looked for again soon")]
    private partial void LogNotEnqueued(Exception failure);
}
