namespace CnnService.Core.Common;

/// <summary>Capacity and scheduling of a <see cref="CoalescingCache{TKey, TValue}"/>.</summary>
/// <param name="Name">What the values are, for log messages: <c>layer scans</c>.</param>
public sealed record CoalescingCacheBounds(string Name)
{
    /// <summary>Capacity in bytes; 0: nothing is cached, concurrent callers still share one computation.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Maximum number of concurrent computations; further ones are queued. Null: unlimited.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// How long a computation goes on without waiters, so that a caller who asks again finds it further on. Zero: it is cancelled at once.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: it always runs to its end.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;
}
