using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>Writes a network and its weights as an ONNX file.</summary>
public interface IModelExporter
{
    /// <summary>
    /// The ONNX file: opset 17, IR version 8, dynamic batch, one node (or more) a layer carrying its name. Input
    /// <c>input</c> <c>[N,C,H,W]</c> float32, already normalized; outputs, in this order, <c>probabilities</c> and
    /// <c>logits</c>, <c>[N,K]</c>. The metadata holds classes and preprocessing.
    /// </summary>
    byte[] Export(ResolvedNetwork network, NamedWeights weights, IReadOnlyList<string> classes, Preprocessing preprocessing);
}
