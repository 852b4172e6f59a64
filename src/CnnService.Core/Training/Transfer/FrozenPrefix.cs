using CnnService.Core.Architecture;

namespace CnnService.Core.Training.Transfer;

/// <summary>The frozen beginning of a network, whose output for an image does not change during training.</summary>
public static class FrozenPrefix
{
    /// <summary>
    /// The one layer through whose activation all trained layers see the image, if every layer before it is frozen or has neither
    /// parameters nor randomness; null if there is no such layer.
    /// </summary>
    /// <param name="network">The network to search.</param>
    /// <param name="frozen">Names of the frozen layers.</param>
    public static ResolvedLayer? FindEnd(ResolvedNetwork network, IReadOnlySet<string> frozen)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(frozen);
        var still = new HashSet<string>(StringComparer.Ordinal) { NetworkSpec.InputName };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in network.Layers)
        {
            if (layer.Inputs.All(still.Contains) && layer.Spec is not DropoutLayer
                && (layer.Parameters == 0 || frozen.Contains(layer.Name)))
            {
                still.Add(layer.Name);
            }
            else
            {
                seen.UnionWith(layer.Inputs.Where(still.Contains));
            }
        }

        return seen.Count == 1 ? network.Find(seen.First()) : null;
    }

    /// <summary>
    /// The layers with parameters to freeze so that the end of the network is trained: the longest end of at most this share of its
    /// multiply-adds that sees an image through one layer's activation; the last layer with parameters in any case.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="share">Above 0; 1 freezes nothing.</param>
    public static IReadOnlyList<string> Choose(ResolvedNetwork network, double share)
    {
        ArgumentNullException.ThrowIfNull(network);
        ResolvedLayer[] layers = [.. network.Layers.Where(layer => layer.Parameters > 0)];
        var most = share * network.Layers.Sum(layer => (double)layer.MultiplyAdds);
        var (first, trained) = (layers.Length - 1, 0.0);
        for (var i = layers.Length - 1; i >= 0 && (trained += layers[i].MultiplyAdds) <= most; i--)
        {
            if (i == 0 || FindEnd(network, layers.Take(i).Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal)) is not null)
            {
                first = i;
            }
        }

        return [.. layers.Take(Math.Max(0, first)).Select(layer => layer.Name)];
    }
}
