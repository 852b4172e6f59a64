using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// The ReLUs whose outputs reach a layer through layers without weights only: those of the branches of a concatenation, or of the
/// convolution before a pooling. Where they are silent the layer is silent too, and no gradient passes them.
/// </summary>
/// <param name="Layers">Names of the layers that apply the ReLUs; empty for a layer with weights of its own.</param>
/// <param name="AreAll">True if all inputs of the layer come from ReLUs, so that it is never negative.</param>
internal sealed record UpstreamRelus(IReadOnlySet<string> Layers, bool AreAll)
{
    public static UpstreamRelus Before(ResolvedNetwork network, ResolvedLayer layer)
    {
        var (found, areAll) = (new HashSet<string>(StringComparer.Ordinal), true);
        var waiting = new Stack<ResolvedLayer>(IsPassThrough(network, layer) ? Inputs(network, layer) : []);
        areAll &= waiting.Count > 0;
        while (waiting.TryPop(out var next))
        {
            if (IsRelu(network, next))
            {
                found.Add(next.Name);
            }
            else if (IsPassThrough(network, next))
            {
                foreach (var before in Inputs(network, next))
                {
                    waiting.Push(before);
                }
            }
            else
            {
                areAll = false;
            }
        }

        return new(found, areAll && found.Count > 0);
    }

    private static bool IsRelu(ResolvedNetwork network, ResolvedLayer layer) =>
        network.FunctionOf(layer).Kind is ActivationKind.Relu or ActivationKind.Relu6;

    /// <summary>True for layers without weights or activation function that never make a negative value of non-negative inputs.</summary>
    private static bool IsPassThrough(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Spec is PoolingLayer or GlobalPoolingLayer or Padding2dLayer or LocalResponseNormalizationLayer or DropoutLayer
            or FlattenLayer or ConcatenateLayer or SelectChannelsLayer or AddLayer or MultiplyLayer
        && network.ActivationOf(layer) == ActivationKind.Linear;

    /// <summary>The layers that feed this one; the image itself is not a layer.</summary>
    private static IEnumerable<ResolvedLayer> Inputs(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Inputs.Select(network.Find).OfType<ResolvedLayer>();
}
