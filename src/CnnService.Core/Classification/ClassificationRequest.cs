namespace CnnService.Core.Classification;

/// <summary>How images are decoded and ranked.</summary>
public sealed record ClassificationRequest
{
    public static ClassificationRequest Default { get; } = new();

    /// <summary>Number of most probable classes to list, at least 1. Default 5.</summary>
    public int Top { get; init; } = 5;

    /// <summary>Whether a truncated file is decoded as far as it goes. Default false.</summary>
    public bool AllowTruncated { get; init; }
}
