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

    /// <summary>Admits computations fairly between callers; null: <see cref="MaxConcurrency"/> is the only bound.</summary>
    public FairAdmission? Admission { get; init; }

    /// <summary>
    /// Time limit of a computation, its wait for a turn not included. One that does not end even when cancelled is left behind. Null: none.
    /// </summary>
    public TimeLimit? TimeLimit { get; init; }

    /// <summary>How long a value that no caller has been given is kept for the next one, whatever the capacity. Zero: not at all.</summary>
    public TimeSpan KeepUntoldValues { get; init; } = TimeSpan.Zero;

    /// <summary>How long a failure that no caller has been told of is kept for the next one. Zero: not at all.</summary>
    public TimeSpan KeepUntoldFailures { get; init; } = TimeSpan.Zero;
}
