using CnnService.Core.Models;
using CnnService.Core.Models.Importing;

namespace CnnService.Core.Importing;

/// <summary>What became of a file.</summary>
/// <param name="Format">"onnx" or "safetensors".</param>
/// <param name="Layers">Of the network as it is here.</param>
/// <param name="Outputs">Classes, or channels where there are none.</param>
/// <param name="Weights">Which tensors were filled from where, and which not; null for ONNX, where all are.</param>
/// <param name="Notes">What was assumed or left out, in sentences.</param>
public sealed record ModelImportReport(string Format, int Layers, int Outputs, WeightImportReport? Weights, IReadOnlyList<string> Notes)
{
    /// <summary>The nodes that no layer here stands for. Where there are any, the network is served through OnnxRuntime as it is, and cannot be trained on.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];
}
