namespace CnnService.Web.Artifacts.Uploads;

internal sealed partial class UploadSweeper
{
    [LoggerMessage(LogLevel.Warning, "Abandoned uploads cannot be deleted: {Reason}")]
    private partial void LogFailed(string reason);
}
