using System.Text.Json.Serialization;

namespace CnnService.Core.Models;

/// <summary>The result of a model import; stored with the version.</summary>
/// <param name="Format">"onnx" or "safetensors".</param>
/// <param name="Layers">Number of layers of the imported network.</param>
/// <param name="Outputs">Number of classes, or of channels where there are no classes.</param>
/// <param name="Weights">Which tensors were filled from where, and which were not; null for ONNX, where all are.</param>
/// <param name="Notes">What was assumed or left out, in sentences.</param>
public sealed record ModelImportReport(string Format, int Layers, int Outputs, WeightImportReport? Weights, IReadOnlyList<string> Notes)
{
    /// <summary>Maximum number of unused tensors listed.</summary>
    public const int MaxUnused = 1000;

    /// <summary>
    /// The nodes without a matching layer type. If there are any, the network is served as an opaque graph by OnnxRuntime and
    /// cannot be trained.
    /// </summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];

    /// <summary>What the network is for, as its outputs tell.</summary>
    public ImportedTask Task { get; init; }

    /// <summary>
    /// The outputs of an ONNX file, and which one the classes are read from. Those with <c>servedAs</c> can be asked for under <c>/v2</c>
    /// by their own names. Empty for weights.
    /// </summary>
    public IReadOnlyList<FileOutput> FileOutputs { get; init; } = [];

    /// <summary>Served as an opaque graph by OnnxRuntime: it classifies, but its layers can be neither inspected nor trained.</summary>
    public bool GraphOnly => Unsupported.Count > 0;

    /// <summary>
    /// Agreement of its layers with the original ONNX file; null for weights, which have no reference output, and for a graph,
    /// which is the file.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityReport? AgainstFile { get; init; }

    /// <summary>The report with at most <see cref="MaxUnused"/> unused tensors; a note says how many there were.</summary>
    public ModelImportReport Truncated() => Weights is { Unused.Count: > MaxUnused and var all }
        ? this with
        {
            Weights = Weights with { Unused = [.. Weights.Unused.Take(MaxUnused)] },
            Notes = [.. Notes, $"{all} tensors of the file were not used; the first {MaxUnused} are told."],
        }
        : this;
}
