using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Layers;

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
        : OnlyConsumer(network, layer) is not { } consumer ? layer
        : consumer.Spec is ActivationLayer or PReluLayer ? consumer
        : consumer.Spec is BatchNormalizationLayer or LayerNormalizationLayer && network.ActivationOf(consumer) == ActivationKind.Linear
            && OnlyConsumer(network, consumer) is { Spec: ActivationLayer or PReluLayer } next ? next
        : consumer.Spec is BatchNormalizationLayer && network.ActivationOf(consumer) != ActivationKind.Linear ? consumer
        : layer;

    private static ResolvedLayer? OnlyConsumer(ResolvedNetwork network, ResolvedLayer layer)
    {
        var consumers = network.Layers.Where(other => other.Inputs.Contains(layer.Name)).Take(2).ToArray();
        return consumers is [var only] ? only : null;
    }
}
