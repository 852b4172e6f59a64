namespace CnnService.Web.Monitoring;

internal sealed partial class CaptureTraffic
{
    [LoggerMessage(LogLevel.Warning, "An image of model {Model} could not be kept: {Reason}")]
    private partial void LogNotKept(string model, string reason);
}
