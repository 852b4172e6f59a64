using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

internal sealed partial class LeasedJobRunner<TKind, T>
{
    [LoggerMessage(LogLevel.Information, "Work {Id}: attempt {Fence} begins")]
    private partial void LogClaimed(string id, int fence);

    [LoggerMessage(LogLevel.Information, "Work {Id} ended, {State} {Code}")]
    private partial void LogEnded(string id, WorkState state, string? code);

    [LoggerMessage(LogLevel.Information, "Work {Id} is tried again after {Pause}")]
    private partial void LogPaused(string id, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "Work {Id}: cancelled, deleted or taken over, attempt {Fence} stops and writes nothing more")]
    private partial void LogLost(string id, int fence);

    [LoggerMessage(LogLevel.Warning, "Work {Id}: attempt {Fence} does not stop and is left behind; it can publish nothing more")]
    private partial void LogLeftBehind(string id, int fence);

    [LoggerMessage(LogLevel.Information, "Work {Id}: interrupted, it is queued again: {Reason}")]
    private partial void LogInterrupted(string id, string reason);

    [LoggerMessage(LogLevel.Error, "Work {Id}: attempt {Fence} died")]
    private partial void LogDied(Exception failure, string id, int fence);
}
