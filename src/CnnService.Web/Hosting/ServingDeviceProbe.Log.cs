namespace CnnService.Web.Hosting;

internal sealed partial class ServingDeviceProbe
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on {Device}")]
    private partial void LogDevice(string device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Models run on the processor; {Note}")]
    private partial void LogProcessor(string note);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Detail} Until then no model is served")]
    private partial void LogMissing(string detail);
}
