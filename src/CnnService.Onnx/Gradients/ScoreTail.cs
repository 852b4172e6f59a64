using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// What a class is scored by. Mostly the logit; where a relu stands between the last layer with weights and the logits, as in
/// SqueezeNet, what the logit would be without it: a class that the relu has silenced has a gradient still.
/// </summary>
internal static class ScoreTail
{
    /// <summary>The layer whose relu is left out of the score, and those after it; empty where there is none.</summary>
    /// <param name="tapped">A layer whose value the gradient is asked by; it must lie before what is left out.</param>
    public static IReadOnlyList<ResolvedLayer> Of(ResolvedNetwork network, string? tapped)
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
                return IsTakenTwice(network, layer) ? [] : tail;
            }

            if (!PassesOn(network, layer) || network.Find(layer.Inputs[0]) is null)
            {
                return [];
            }
        }
    }

    private static bool IsTakenTwice(ResolvedNetwork network, ResolvedLayer layer) =>
        network.Layers.Count(other => other.Inputs.Contains(layer.Name)) > 1;

    private static bool PassesOn(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Spec is GlobalAveragePooling2dLayer or AveragePooling2dLayer or FlattenLayer or DropoutLayer
        || (layer.Spec is ActivationLayer && network.ActivationOf(layer) == ActivationKind.Linear);
}
