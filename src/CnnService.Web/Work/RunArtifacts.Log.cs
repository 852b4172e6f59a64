namespace CnnService.Web.Work;

internal sealed partial class RunArtifacts
{
    [LoggerMessage(LogLevel.Warning, "Run {Id}: its newest checkpoint is not in the store of artifacts yet: {Problem}")]
    private partial void LogNotUploaded(string id, string problem);
}
