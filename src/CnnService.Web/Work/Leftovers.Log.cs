namespace CnnService.Web.Work;

internal sealed partial class Leftovers
{
    [LoggerMessage(LogLevel.Information, "Deleted {Path}, left by a crash")]
    private partial void LogDeleted(string path);
}
