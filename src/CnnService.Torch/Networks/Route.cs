using CnnService.Core.Architecture;

namespace CnnService.Torch.Networks;

/// <summary>The layers that have to be run for the value of one.</summary>
internal static class Route
{
    /// <summary>In the network's order, <paramref name="end"/> last.</summary>
    /// <param name="end">Whose value is wanted.</param>
    /// <param name="start">A layer whose value is known already, or the picture.</param>
    internal static List<ResolvedLayer> To(ResolvedNetwork network, ResolvedLayer end, string start = NetworkSpec.InputName)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { end.Name };
        var route = new List<ResolvedLayer>();
        foreach (var layer in network.Layers.Reverse().Where(layer => layer.Name != start && needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            route.Add(layer);
        }

        route.Reverse();
        return route;
    }
}
