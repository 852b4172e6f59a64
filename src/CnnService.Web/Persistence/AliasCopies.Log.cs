namespace CnnService.Web.Persistence;

internal sealed partial class AliasCopies
{
    [LoggerMessage(LogLevel.Warning, "The copy of a model's aliases cannot be written: {Reason}")]
    private partial void LogFailed(string reason);
}
