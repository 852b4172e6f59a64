namespace CnnService.Core.Architecture;

/// <summary>The layers to run, in order, to compute one layer's output. Computed once and reused for every input. Immutable.</summary>
public sealed class ExecutionOrder
{
    private ExecutionOrder(string start, ResolvedLayer end, IReadOnlyList<ResolvedLayer> layers) =>
        (Start, End, Layers) = (start, end, layers);

    /// <summary>The layer whose output is already known, or <see cref="NetworkSpec.InputName"/> for the image.</summary>
    public string Start { get; }

    /// <summary>The layer whose output is computed.</summary>
    public ResolvedLayer End { get; }

    /// <summary>In the network's order, <see cref="End"/> last; empty where the end is the start.</summary>
    public IReadOnlyList<ResolvedLayer> Layers { get; }

    /// <summary>
    /// The layers between <paramref name="start"/> and <paramref name="end"/>; layers that the end does not depend on are left
    /// out.
    /// </summary>
    /// <param name="network">The network both layers belong to.</param>
    /// <param name="end">The layer to compute.</param>
    /// <param name="start">Name of a layer whose output is already known, or the image.</param>
    public static ExecutionOrder To(ResolvedNetwork network, ResolvedLayer end, string start = NetworkSpec.InputName)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(end);
        var needed = new HashSet<string>(StringComparer.Ordinal) { end.Name };
        var layers = new List<ResolvedLayer>();
        foreach (var layer in network.Layers.Reverse().Where(layer => layer.Name != start && needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            layers.Add(layer);
        }

        layers.Reverse();
        return new(start, end, layers);
    }
}
