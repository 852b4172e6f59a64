using System.Collections.Frozen;

namespace CnnService.Core.Models;

/// <summary>Options of an ONNX export; by default the network is exported as trained.</summary>
public sealed record ExportVariant
{
    /// <summary>
    /// The model takes images as bytes, <c>[N,H,W,C]</c> 0–255 RGB at the network's size: normalization and layout are part of the graph,
    /// so that no caller can get them wrong.
    /// </summary>
    public bool IncludePreprocessing { get; init; }

    /// <summary>
    /// Weights as float16: half the size. They are converted when the file is loaded and arithmetic stays float32, which every processor
    /// handles well. Weights beyond 65504 become infinite.
    /// </summary>
    public bool HalfWeights { get; init; }

    /// <summary>Folds batch normalizations into the preceding convolution or dense layer: fewer layers, the same outputs.</summary>
    public bool FoldBatchNormalization { get; init; }

    /// <summary>
    /// Number above 0 that the logits are divided by before softmax or sigmoid; the output <c>logits</c> is not. 1 changes nothing.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Adds the output <c>familiarity</c>, <c>[N,1]</c>, 0–1: how familiar the image is; null: no such output.</summary>
    public FamiliarityHead? Familiarity { get; init; }

    /// <summary>Node names by layer name, where they differ: an imported network keeps its original node names.</summary>
    public IReadOnlyDictionary<string, string> NodeNames { get; init; } = FrozenDictionary<string, string>.Empty;
}
