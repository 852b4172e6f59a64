using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>
/// The gradient of a served network's class scores, by a graph of ordinary ONNX operators made from its layers; needs no libtorch.
/// Thread safe.
/// </summary>
public interface IClassGradients
{
    /// <summary>
    /// The graph as a file. Inputs <c>input</c> <c>[N,C,H,W]</c>, normalized, and <c>output_weights</c> <c>[N,K]</c>; outputs
    /// <c>logits</c>,
    /// <c>scores</c>, <c>input_gradients</c> and, with a layer, <c>activations</c> and <c>activation_gradients</c>.
    /// Problem codes: <c>model.corrupt</c>, <c>model.no-layers</c>, <c>model.no-classes</c>.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">A layer of its network; null: none.</param>
    Outcome<byte[]> Export(LoadedModel model, string? layer);

    /// <summary>Runs the graph. Problem codes as of <see cref="Export"/>, and <c>explain.failed</c> where OnnxRuntime gives up.</summary>
    /// <param name="model">The version.</param>
    /// <param name="query">What to ask.</param>
    Outcome<ClassGradient> Read(LoadedModel model, GradientQuery query);
}

/// <summary>Images, and which gradient of theirs is wanted.</summary>
/// <param name="Layer">By the value of this layer, if it is not null; else by the image.</param>
/// <param name="Planes">Normalized images, <c>[N,C,H,W]</c>.</param>
/// <param name="Count">N.</param>
/// <param name="OutputWeights">The factor of each score, <c>[K]</c>, the same for all images.</param>
public sealed record GradientQuery(string? Layer, ReadOnlyMemory<float> Planes, int Count, IReadOnlyList<float> OutputWeights);

/// <summary>What the graph gives.</summary>
/// <param name="Logits"><c>[N,K]</c>.</param>
/// <param name="Scores"><c>[N,K]</c>: what the gradient is of; a relu that closes the network is left out of them.</param>
/// <param name="Activations">The layer's value for the first image; null where no layer was asked for.</param>
/// <param name="Gradients">By the layer's value or by the normalized image, <c>[N,…]</c>.</param>
public sealed record ClassGradient(
    ReadOnlyMemory<float> Logits, ReadOnlyMemory<float> Scores, LayerActivations? Activations, ReadOnlyMemory<float> Gradients);
