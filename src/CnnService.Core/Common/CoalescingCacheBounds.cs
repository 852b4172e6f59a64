namespace CnnService.Core.Common;

/// <summary>How a <see cref="CoalescingCache{TKey, TValue}"/> keeps and computes.</summary>
/// <param name="Name">What the values are, for the log: <c>layer scans</c>.</param>
public sealed record CoalescingCacheBounds(string Name)
{
    /// <summary>Bytes of the values kept; 0: none is kept, callers at the same time still share one computation.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Computations that run at once; the others wait in line. Null: no bound.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// How long a computation goes on when nobody waits for it any more, so that whoever asks again finds it further on.
    /// Zero: it is cancelled at once. <see cref="Timeout.InfiniteTimeSpan"/>: it is always finished.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;
}
