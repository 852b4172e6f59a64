using CnnService.Core.Architecture;

namespace CnnService.Torch.Training;

/// <summary>The part of a network that gives the same for a picture as long as it is trained.</summary>
internal static class FrozenPart
{
    /// <summary>
    /// The one layer through which all that is trained sees the picture, where everything before it is frozen, or has nothing to learn
    /// and nothing to draw; null where there is none.
    /// </summary>
    /// <param name="frozen">Names of the layers that are not trained.</param>
    internal static ResolvedLayer? End(ResolvedNetwork network, IReadOnlySet<string> frozen)
    {
        var still = new HashSet<string>(StringComparer.Ordinal) { NetworkSpec.InputName };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in network.Layers)
        {
            if (layer.Inputs.All(still.Contains) && layer.Spec is not DropoutLayer && (layer.Parameters == 0 || frozen.Contains(layer.Name)))
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
}
