namespace CnnService.Web.Monitoring;

internal sealed partial class ShadowTraffic
{
    [LoggerMessage(LogLevel.Warning, "The candidate {Model}:{Version} failed on an image")]
    private partial void LogFailed(Exception failure, string model, int version);
}
