namespace CnnService.Web.Work;

internal sealed partial class QueuedWork<TKind>
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The background work {Id} failed.")]
    private partial void LogFailure(Exception failure, string id);
}
