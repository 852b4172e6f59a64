using CnnService.Core.Architecture;

namespace CnnService.Core.Models.Import;

/// <summary>The network of an imported file, before anything has run.</summary>
/// <param name="Network">The resolved network.</param>
/// <param name="Weights">All weights its layers need.</param>
public sealed record TranslatedNetwork(ResolvedNetwork Network, NamedWeights Weights)
{
    /// <summary>A preset's name, or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>Class names from the file; null where it has none.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>From the file, or the usual one for such weights; null where neither is known.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Subtracted from the network's input after <see cref="Preprocessing"/>, as the file did; null: nothing is.</summary>
    public MeanImage? MeanImage { get; init; }

    /// <summary>Names in the file by layer name, where they differ.</summary>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();

    /// <summary>The input of the file; null for other formats than ONNX, and where the network takes other values than the file.</summary>
    public FileInput? FileInput { get; init; }

    /// <summary>The outputs of the file; empty for other formats than ONNX.</summary>
    public IReadOnlyList<FileOutput> FileOutputs { get; init; } = [];

    /// <summary>Whether each class has a probability of its own, instead of a share of one.</summary>
    public bool IsMultiLabel => Network.IsMultiLabel;

    public WeightImportReport? Report { get; init; }

    /// <summary>The original ONNX file, its input and outputs renamed to those of an export; null for other formats.</summary>
    public ReadOnlyMemory<byte>? Original { get; init; }

    /// <summary>The nodes without a matching layer type; if there are any, the network is an opaque graph.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];
}
