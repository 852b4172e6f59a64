using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// Gradients of a layer's output by the image, computed by a graph of ordinary ONNX operators; needs no libtorch. Thread safe.
/// </summary>
public interface ICellGradients
{
    /// <summary>
    /// Gradients by the normalized images, <c>[N,C,H,W]</c>. Problem codes: <c>model.corrupt</c>, <c>model.no-layers</c>,
    /// <c>explain.failed</c>.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="query">Images, and what to differentiate.</param>
    Outcome<ReadOnlyMemory<float>> ReadCell(LoadedModel model, CellQuery query);
}

/// <summary>A batch of images, and the weighted sum of a layer's output to differentiate.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Planes">Normalized images, <c>[N,C,H,W]</c>.</param>
/// <param name="Count">Number of images, N.</param>
/// <param name="Weights">Weight of each output of the layer in the sum, <c>[C,H,W]</c> of the layer.</param>
public sealed record CellQuery(string Layer, ReadOnlyMemory<float> Planes, int Count, IReadOnlyList<float> Weights);
