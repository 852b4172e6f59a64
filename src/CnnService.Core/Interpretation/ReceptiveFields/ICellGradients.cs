using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>The gradient of a layer's value by the image, by a graph of ordinary ONNX operators; needs no libtorch. Thread safe.</summary>
public interface ICellGradients
{
    /// <summary>Gradients by the normalized images, <c>[N,C,H,W]</c>. Problem codes: <c>model.corrupt</c>, <c>model.no-layers</c>,
    /// <c>explain.failed</c>.</summary>
    /// <param name="model">The version.</param>
    /// <param name="query">What to ask.</param>
    Outcome<ReadOnlyMemory<float>> ReadCell(LoadedModel model, CellQuery query);
}

/// <summary>Images, and which values of a layer their gradient is of.</summary>
/// <param name="Layer">Of the network.</param>
/// <param name="Planes">Normalized images, <c>[N,C,H,W]</c>.</param>
/// <param name="Count">N.</param>
/// <param name="Weights">What each of the layer's values is multiplied with before they are summed, <c>[C,H,W]</c> of the layer.</param>
public sealed record CellQuery(string Layer, ReadOnlyMemory<float> Planes, int Count, IReadOnlyList<float> Weights);
