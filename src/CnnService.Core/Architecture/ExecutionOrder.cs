namespace CnnService.Core.Architecture;

/// <summary>The layers that have to be run for the value of one, found once and walked as often as there are inputs. Immutable.</summary>
public sealed class ExecutionOrder
{
    private ExecutionOrder(string start, ResolvedLayer end, IReadOnlyList<ResolvedLayer> layers) => (Start, End, Layers) = (start, end, layers);

    /// <summary>A layer whose value is known already, or <see cref="NetworkSpec.InputName"/>.</summary>
    public string Start { get; }

    /// <summary>Whose value is wanted.</summary>
    public ResolvedLayer End { get; }

    /// <summary>In the network's order, <see cref="End"/> last; none where the end is the start.</summary>
    public IReadOnlyList<ResolvedLayer> Layers { get; }

    /// <param name="network">The whole.</param>
    /// <param name="end">Of the network.</param>
    /// <param name="start">A layer whose value is known already, or the image.</param>
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
