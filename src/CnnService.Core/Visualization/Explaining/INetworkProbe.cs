using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Asks a served network for its logits and their derivatives; by OnnxRuntime, without libtorch. Thread safe.</summary>
public interface INetworkProbe
{
    /// <summary>
    /// The logits <c>[N,K]</c>. A graph without logits (one that OnnxRuntime alone carries out) gives the logarithms of its probabilities.
    /// Problem codes: <c>model.corrupt</c>.
    /// </summary>
    /// <param name="model">With classes.</param>
    /// <param name="pictures">At the network's input size and channels.</param>
    Outcome<float[]> Logits(LoadedModel model, UnitPictures pictures);

    /// <summary>A layer's value for one picture, and the derivative of the weighted sum of logits by it.</summary>
    /// <param name="model">Of layers, with classes.</param>
    /// <param name="layer">One that the output depends on.</param>
    /// <param name="picture">One.</param>
    /// <param name="classWeights">One number a logit.</param>
    Outcome<LayerGradient> OfLayer(LoadedModel model, string layer, UnitPictures picture, IReadOnlyList<float> classWeights);

    /// <summary>The derivative of the weighted sum of logits by the pictures, in their own units.</summary>
    /// <param name="model">Of layers, with classes.</param>
    /// <param name="pictures">One or more.</param>
    /// <param name="classWeights">One number a logit, the same for all.</param>
    Outcome<InputGradient> OfInput(LoadedModel model, UnitPictures pictures, IReadOnlyList<float> classWeights);
}

/// <summary>What a layer gives for one picture.</summary>
/// <param name="Logits"><c>[K]</c>.</param>
/// <param name="Value"><c>[C,H,W]</c>, after the activation function.</param>
/// <param name="Gradient">As <paramref name="Value"/>.</param>
public sealed record LayerGradient(ReadOnlyMemory<float> Logits, FeatureMaps Value, FeatureMaps Gradient);

/// <summary>Derivatives by pictures.</summary>
/// <param name="Logits"><c>[N,K]</c>.</param>
/// <param name="Values"><c>[N,C,H,W]</c>, RGB, a unit being the whole range of a pixel.</param>
public sealed record InputGradient(ReadOnlyMemory<float> Logits, ReadOnlyMemory<float> Values);
