using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>The part of a network before layers that are not available.</summary>
internal static class TruncatedNetwork
{
    /// <summary>
    /// Everything up to the last layer that does not depend on a missing one, as a network without classes; null where no layer with
    /// weights would remain.
    /// </summary>
    /// <param name="network">The whole network.</param>
    /// <param name="lacking">Names of the missing layers.</param>
    public static ResolvedNetwork? Create(ResolvedNetwork network, IReadOnlySet<string> lacking)
    {
        var usable = new HashSet<string>(StringComparer.Ordinal) { NetworkSpec.InputName };
        foreach (var layer in network.Layers.Where(layer => !lacking.Contains(layer.Name) && layer.Inputs.All(usable.Contains)))
        {
            usable.Add(layer.Name);
        }

        var end = network.Layers.LastOrDefault(layer => usable.Contains(layer.Name));
        return end is null ? null : UpTo(network, end);
    }

    private static ResolvedNetwork? UpTo(ResolvedNetwork network, ResolvedLayer end)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { end.Name };
        var layers = new List<LayerSpec>();
        foreach (var layer in network.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            layers.Insert(0, layer.Spec with { Inputs = layer.Inputs });
        }

        var spec = network.Spec with { Layers = layers };
        var resolved = NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, new ValidationErrors());
        return resolved?.Layers.Any(layer => layer.Parameters > 0) == true ? resolved : null;
    }
}
