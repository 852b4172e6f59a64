namespace CnnService.Core.Common;

/// <summary>
/// Capacity of a <see cref="LeasedPool{TKey, T}"/>. Leased objects count too, but are not released before their last lease ends.
/// </summary>
public sealed record LeasedPoolBounds
{
    /// <summary>Number of objects, at least 1.</summary>
    public required int MaxCount { get; init; }

    /// <summary>Total size in bytes; a single larger object is kept alone.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;
}
