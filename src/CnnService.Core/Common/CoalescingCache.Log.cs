using Microsoft.Extensions.Logging;

namespace CnnService.Core.Common;

public sealed partial class CoalescingCache<TKey, TValue>
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A computation for the {Cache} failed after all callers had left")]
    private static partial void LogFailureWithoutWaiters(ILogger logger, string cache, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A computation for the {Cache} gave {Code} after all callers had left: {Detail}")]
    private static partial void LogProblemWithoutWaiters(ILogger logger, string cache, string code, string detail);
}
