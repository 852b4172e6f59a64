using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>Exports a network and its weights as an ONNX file.</summary>
public interface IModelExporter
{
    /// <summary>
    /// The ONNX file: opset 17, IR version 8, dynamic batch size, one or more nodes per layer that carry its name. Input <c>input</c>
    /// <c>[N,C,H,W]</c> float32, already normalized; outputs, in this order, <c>probabilities</c> and <c>logits</c>, <c>[N,K]</c>. The
    /// metadata holds classes and preprocessing.
    /// </summary>
    /// <param name="network">The network to export.</param>
    /// <param name="weights">All of its weights.</param>
    /// <param name="classes">In the order of the outputs; empty for a network without classes.</param>
    /// <param name="preprocessing">Stored in the metadata; part of the graph where the variant asks for it.</param>
    /// <param name="variant">Null: as trained.</param>
    byte[] Export(
        ResolvedNetwork network, NamedWeights weights, IReadOnlyList<string> classes, Preprocessing preprocessing,
        ExportVariant? variant = null);
}
