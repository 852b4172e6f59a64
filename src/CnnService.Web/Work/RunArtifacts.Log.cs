namespace CnnService.Web.Work;

internal sealed partial class KeptRun
{
    [LoggerMessage(LogLevel.Warning, "Run {Id}: its newest checkpoint is not in the store of artifacts yet: {Problem}")]
    private partial void LogNotKept(string id, string problem);
}
