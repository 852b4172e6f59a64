namespace CnnService.Web.Api.Rendering;

internal sealed partial class Renderings
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A drawing failed after its time limit, when nobody waited for it")]
    private static partial void LogFailureWithoutCaller(ILogger logger, Exception failure);
}
