using CnnService.Core.Datasets;

namespace CnnService.Core.Classification;

/// <summary>How images are decoded and ranked.</summary>
public sealed record ClassificationRequest
{
    public static ClassificationRequest Default { get; } = new();

    /// <summary>Number of most probable classes to list, at least 1. Default 5.</summary>
    public int Top { get; init; } = 5;

    /// <summary>
    /// Views of each image whose probabilities are averaged, 1 to <see cref="ImageViews.Max"/>: see <see cref="ImageViews"/>. Each costs a
    /// run of the network. Default 1.
    /// </summary>
    public int Views { get; init; } = 1;

    /// <summary>Whether a truncated file is decoded as far as it goes. Default false.</summary>
    public bool AllowTruncated { get; init; }
}
