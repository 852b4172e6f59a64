using CnnService.Core.Architecture;

namespace CnnService.Torch.Training;

/// <summary>The frozen beginning of a network, whose output for an image does not change during training.</summary>
internal static class FrozenPrefix
{
    /// <summary>
    /// The one layer through whose activation all trained layers see the image, if every layer before it is frozen or has neither
    /// parameters nor randomness; null if there is no such layer.
    /// </summary>
    /// <param name="network">The network to search.</param>
    /// <param name="frozen">Names of the frozen layers.</param>
    internal static ResolvedLayer? FindEnd(ResolvedNetwork network, IReadOnlySet<string> frozen)
    {
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
}
