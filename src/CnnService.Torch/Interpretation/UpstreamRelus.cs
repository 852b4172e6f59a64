using CnnService.Core.Architecture;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The ReLUs that a layer takes its values from with nothing between that weighs them: those of the branches that a concatenation puts side
/// by side, or of the convolution before a pooling. Where they are silent so is the layer, and no gradient gets past them.
/// </summary>
/// <param name="Layers">The layers whose activation functions they are; none of a layer with weights of its own.</param>
/// <param name="AreAll">The layer gets nothing from elsewhere, and so is never below zero.</param>
internal sealed record UpstreamRelus(IReadOnlySet<string> Layers, bool AreAll)
{
    internal static UpstreamRelus Before(ResolvedNetwork network, ResolvedLayer layer)
    {
        var (found, areAll) = (new HashSet<string>(StringComparer.Ordinal), true);
        var waiting = new Stack<ResolvedLayer>(Passes(network, layer) ? Inputs(network, layer) : []);
        areAll &= waiting.Count > 0;
        while (waiting.TryPop(out var next))
        {
            if (IsRelu(network, next))
            {
                found.Add(next.Name);
            }
            else if (Passes(network, next))
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

    /// <summary>Hands on what it gets, cell by cell or the best or the mean of some, without weights or a function of its own.</summary>
    private static bool Passes(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Spec is PoolingLayer or GlobalPoolingLayer or Padding2dLayer or LocalResponseNormalizationLayer or DropoutLayer
            or FlattenLayer or ConcatenateLayer or AddLayer or MultiplyLayer
        && network.ActivationOf(layer) == ActivationKind.Linear;

    /// <summary>The image itself is none.</summary>
    private static IEnumerable<ResolvedLayer> Inputs(ResolvedNetwork network, ResolvedLayer layer) =>
        layer.Inputs.Select(network.Find).OfType<ResolvedLayer>();
}
