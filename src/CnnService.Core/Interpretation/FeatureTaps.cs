using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation;

/// <summary>
/// Finds the layer that holds another layer's activations: imported networks have activation functions as separate layers.
/// </summary>
public static class FeatureTaps
{
    /// <summary>
    /// The layer whose output is <paramref name="layer"/> after its activation function: itself, or the activation layer that is its only
    /// consumer, possibly behind a batch normalization.
    /// </summary>
    public static ResolvedLayer Activated(ResolvedNetwork network, ResolvedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(layer);
        return Find(network, layer);
    }

    private static ResolvedLayer Find(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Spec is not (Conv2dLayer or DenseLayer) || network.ActivationOf(layer) != ActivationKind.Linear ? layer
        : OnlyTaker(network, layer) is not { } taker ? layer
        : taker.Spec is ActivationLayer or PReluLayer ? taker
        : taker.Spec is BatchNormalizationLayer && network.ActivationOf(taker) == ActivationKind.Linear
            && OnlyTaker(network, taker) is { Spec: ActivationLayer or PReluLayer } next ? next
        : taker.Spec is BatchNormalizationLayer && network.ActivationOf(taker) != ActivationKind.Linear ? taker
        : layer;

    private static ResolvedLayer? OnlyTaker(ResolvedNetwork network, ResolvedLayer layer)
    {
        var takers = network.Layers.Where(other => other.Inputs.Contains(layer.Name)).Take(2).ToArray();
        return takers is [var only] ? only : null;
    }
}
