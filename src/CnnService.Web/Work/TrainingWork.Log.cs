namespace CnnService.Web.Work;

internal sealed partial class TrainingWork
{
    [LoggerMessage(LogLevel.Error, "Run {Id}: the training process ended with code {ExitCode}: {Tail}")]
    private partial void LogDied(string id, int exitCode, string tail);
}
