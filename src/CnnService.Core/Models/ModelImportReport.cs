using System.Text.Json.Serialization;

namespace CnnService.Core.Models;

/// <summary>What became of a file; kept with the version that was made of it.</summary>
/// <param name="Format">"onnx" or "safetensors".</param>
/// <param name="Layers">Of the network as it is here.</param>
/// <param name="Outputs">Classes, or channels where there are none.</param>
/// <param name="Weights">Which tensors were filled from where, and which not; null for ONNX, where all are.</param>
/// <param name="Notes">What was assumed or left out, in sentences.</param>
public sealed record ModelImportReport(string Format, int Layers, int Outputs, WeightImportReport? Weights, IReadOnlyList<string> Notes)
{
    /// <summary>Unused tensors that are told one by one: a file may hold more than anyone reads.</summary>
    public const int MostUnused = 1000;

    /// <summary>The nodes that no layer here stands for. Where there are any, the network is served through OnnxRuntime as it is, and cannot be trained on.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];

    /// <summary>Served through OnnxRuntime as it is: it classifies, its layers can be neither looked into nor trained.</summary>
    public bool GraphOnly => Unsupported.Count > 0;

    /// <summary>How far its layers agree with the ONNX file itself; null for weights, which say nothing of answers, and for a graph, which is the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityReport? AgainstFile { get; init; }

    /// <summary>The same, with no more unused tensors than anyone reads; a note says how many there were.</summary>
    public ModelImportReport Shortened() => Weights is { Unused.Count: > MostUnused and var all }
        ? this with
        {
            Weights = Weights with { Unused = [.. Weights.Unused.Take(MostUnused)] },
            Notes = [.. Notes, FormattableString.Invariant($"{all} tensors of the file were not used; the first {MostUnused} are told.")],
        }
        : this;
}
