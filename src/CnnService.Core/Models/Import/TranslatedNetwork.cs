using CnnService.Core.Architecture;

namespace CnnService.Core.Models.Import;

/// <summary>A file as a network of ours, before anything of it has run.</summary>
/// <param name="Network">Its layers.</param>
/// <param name="Weights">All that the layers need.</param>
public sealed record TranslatedNetwork(ResolvedNetwork Network, NamedWeights Weights)
{
    /// <summary>A preset's name, or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>Told by the file itself; null where it tells none.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>As <see cref="Classes"/>, or the usual one for such weights.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>From a layer's name here to its name in the file, where they differ.</summary>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();

    public WeightImportReport? Report { get; init; }

    /// <summary>An ONNX file as it came, but for the names of its input and outputs, which are those of an export; null for other files.</summary>
    public ReadOnlyMemory<byte>? Original { get; init; }

    /// <summary>The nodes that have no layer here: then the network is a graph of one layer.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];
}
