using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// The score of a class. Usually the logit; if a ReLU lies between the last layer with weights and the logits, as in SqueezeNet, the logit
/// computed without that ReLU, so that a class with a logit of zero still has a gradient.
/// </summary>
internal static class ScoreTail
{
    /// <summary>The layer whose ReLU is left out of the score and the layers after it; empty if the score is the logit.</summary>
    /// <param name="network">The network to search, from its output backwards.</param>
    /// <param name="tapped">
    /// The layer with respect to whose activation the gradient is taken, which must come before the tail; null: none.
    /// </param>
    public static IReadOnlyList<ResolvedLayer> Find(ResolvedNetwork network, string? tapped)
    {
        var tail = new List<ResolvedLayer>();
        for (var layer = network.Output; ; layer = network.Find(layer.Inputs[0])!)
        {
            tail.Insert(0, layer);
            if (layer.Name == tapped)
            {
                return [];
            }

            if (network.ActivationOf(layer) == ActivationKind.Relu)
            {
                return HasSeveralUsers(network, layer) ? [] : tail;
            }

            if (!IsLinear(network, layer) || network.Find(layer.Inputs[0]) is null)
            {
                return [];
            }
        }
    }

    private static bool HasSeveralUsers(ResolvedNetwork network, ResolvedLayer layer) =>
        network.Layers.Count(other => other.Inputs.Contains(layer.Name)) > 1;

    private static bool IsLinear(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Spec is GlobalAveragePooling2dLayer or AveragePooling2dLayer or FlattenLayer or DropoutLayer
        || (layer.Spec is ActivationLayer && network.ActivationOf(layer) == ActivationKind.Linear);
}
