using System.Collections.Frozen;

namespace CnnService.Core.Models;

/// <summary>What an exported file shall be besides the network as it was trained.</summary>
public sealed record ExportVariant
{
    /// <summary>
    /// The file takes pictures as bytes, <c>[N,H,W,C]</c> 0–255 in red, green, blue, at the network's size: normalization and layout
    /// are inside, so that no caller can get them wrong.
    /// </summary>
    public bool IncludePreprocessing { get; init; }

    /// <summary>
    /// Weights as float16: half the size. They are widened when the file is loaded and the arithmetic stays float32, which every
    /// processor does well. Weights beyond 65504 become infinite.
    /// </summary>
    public bool HalfWeights { get; init; }

    /// <summary>Batch normalizations that follow a convolution or dense layer become part of it: fewer layers, the same answers.</summary>
    public bool FoldBatchNormalization { get; init; }

    /// <summary>From a layer's name to the name that its node shall have, where they differ: an imported network goes out as it came.</summary>
    public IReadOnlyDictionary<string, string> NodeNames { get; init; } = FrozenDictionary<string, string>.Empty;
}
