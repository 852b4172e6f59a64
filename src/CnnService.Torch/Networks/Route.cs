using CnnService.Core.Architecture;

namespace CnnService.Torch.Networks;

/// <summary>The layers that have to be run for the value of one.</summary>
internal static class Route
{
    /// <summary>In the network's order, <paramref name="end"/> last.</summary>
    internal static List<ResolvedLayer> To(ResolvedNetwork network, ResolvedLayer end)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { end.Name };
        var route = new List<ResolvedLayer>();
        foreach (var layer in network.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            route.Add(layer);
        }

        route.Reverse();
        return route;
    }
}
