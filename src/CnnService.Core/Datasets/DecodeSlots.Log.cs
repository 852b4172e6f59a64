using Microsoft.Extensions.Logging;

namespace CnnService.Core.Datasets;

public sealed partial class DecodeSlots
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The decoding of an image failed after its caller had left")]
    private static partial void LogFailureWithoutCaller(ILogger logger, Exception failure);
}
