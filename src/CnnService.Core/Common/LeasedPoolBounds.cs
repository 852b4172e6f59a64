namespace CnnService.Core.Common;

/// <summary>How much a <see cref="LeasedPool{TKey, T}"/> keeps; what is leased counts too, but is not released before its last lease ends.</summary>
public sealed record LeasedPoolBounds
{
    /// <summary>Objects, at least 1.</summary>
    public required int MaxCount { get; init; }

    /// <summary>Bytes of all objects together; one that is larger stays alone.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;
}
