using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>
/// Gradients of a served network's class scores, computed by a graph of ordinary ONNX operators derived from its layers; needs no libtorch.
/// Thread safe.
/// </summary>
public interface IClassGradients
{
    /// <summary>
    /// The gradient graph as an ONNX file. Inputs: <c>input</c> <c>[N,C,H,W]</c>, normalized, and <c>output_weights</c> <c>[N,K]</c>.
    /// Outputs: <c>logits</c>, <c>scores</c>, <c>input_gradients</c> and, with a layer, <c>activations</c> and <c>activation_gradients</c>.
    /// Problem codes: <c>model.corrupt</c>, <c>model.no-layers</c>, <c>model.no-classes</c>.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="layer">A layer to take gradients by; null for none.</param>
    Outcome<byte[]> Export(LoadedModel model, string? layer);

    /// <summary>
    /// Runs the gradient graph. Problem codes: those of <see cref="Export"/>, and <c>explain.failed</c> if OnnxRuntime fails;
    /// on the GPU <see cref="Rendering.IDrawingDevice.OutOfMemory"/>.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="query">Images, and what to differentiate by.</param>
    Outcome<ClassGradient> Read(LoadedModel model, GradientQuery query);
}

/// <summary>A batch of images, and the gradient to compute for it.</summary>
/// <param name="Layer">Differentiate by the output of this layer; null to differentiate by the image.</param>
/// <param name="Planes">Normalized images, <c>[N,C,H,W]</c>.</param>
/// <param name="Count">Number of images, N.</param>
/// <param name="OutputWeights">Weight of each class score in the sum that is differentiated, <c>[K]</c>, the same for all images.</param>
/// <param name="OnGpu">Whether the graph runs on the GPU of served models, which there must be.</param>
public sealed record GradientQuery(
    string? Layer, ReadOnlyMemory<float> Planes, int Count, IReadOnlyList<float> OutputWeights, bool OnGpu = false);

/// <summary>Outputs of the gradient graph.</summary>
/// <param name="Logits">Raw outputs of the network, <c>[N,K]</c>.</param>
/// <param name="Scores">The differentiated scores, <c>[N,K]</c>: the logits without a ReLU that ends the network.</param>
/// <param name="Activations">Output of the layer for the first image; null if no layer was requested.</param>
/// <param name="Gradients">Gradient by the layer's output or by the normalized image, <c>[N,…]</c>.</param>
public sealed record ClassGradient(
    ReadOnlyMemory<float> Logits, ReadOnlyMemory<float> Scores, LayerActivations? Activations, ReadOnlyMemory<float> Gradients);
