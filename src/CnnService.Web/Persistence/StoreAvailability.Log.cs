namespace CnnService.Web.Persistence;

internal sealed partial class StoreAvailability
{
    [LoggerMessage(LogLevel.Warning, "{Message} Reason: {Reason} Failed operations so far: {Failures}; told again each minute.")]
    private partial void LogAway(string message, string? reason, long failures);

    [LoggerMessage(LogLevel.Information, "The database answers again, after {Seconds:F1} s in which {Failures} operations failed")]
    private partial void LogBack(double seconds, long failures);
}
