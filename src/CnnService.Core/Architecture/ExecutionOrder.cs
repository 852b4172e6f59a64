using CnnService.Core.Common;

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
    /// The layers between <paramref name="start"/> and <paramref name="end"/>; layers that the end does not depend on are left out.
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

    /// <summary>
    /// True if every layer gets a valid output from a start of another shape, and all of them together stay within the limit of work.
    /// </summary>
    /// <param name="start">Shape of the image, or of the output of <see cref="Start"/>.</param>
    public bool Accepts(TensorShape start)
    {
        var shapes = new Dictionary<string, TensorShape>(StringComparer.Ordinal) { [Start] = start };
        var work = Int128.Zero;
        foreach (var layer in Layers)
        {
            TensorShape[] inputs = [.. layer.Inputs.Select(name => shapes[name])];
            if (ShapeInference.Infer(layer.Spec, inputs, new ValidationErrors()) is not { } output)
            {
                return false;
            }

            work += LayerCost.MultiplyAdds(layer.Spec, inputs[0], output);
            shapes[layer.Name] = output;
        }

        return work <= NetworkLimits.MultiplyAdds;
    }
}
