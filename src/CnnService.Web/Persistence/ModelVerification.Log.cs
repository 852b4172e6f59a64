namespace CnnService.Web.Persistence;

internal sealed partial class ModelVerification
{
    [LoggerMessage(LogLevel.Error, "The version {Version} of model {Model} cannot be served: {Reason}")]
    private partial void LogCorrupt(string model, int version, string reason);
}
