using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Import;

/// <summary>Builds a network from the nodes of a graph, with its weights and the nodes' original names.</summary>
/// <param name="input">The image size of the network.</param>
/// <param name="links">Who uses and who makes the values of the graph.</param>
/// <param name="batch">The number of images in the graph's values.</param>
internal sealed class LayerBuilder(InputSpec input, GraphLinks links, int batch)
{
    private readonly ImportedNames _names = new();

    public NetworkBuilder Draft { get; } = new(input);

    public NamedWeights Weights { get; } = new();

    public IReadOnlyDictionary<string, string> Origins => _names.Origins;

    /// <summary>The problem of an unsupported node.</summary>
    public static Problem Refuse(string reason) => Problem.Unprocessable("onnx.unsupported", reason);

    /// <summary>Adds a layer for a node.</summary>
    /// <param name="node">Determines the layer's name.</param>
    /// <param name="layer">Without name and inputs, which are set here.</param>
    /// <param name="from">The layer's inputs.</param>
    /// <param name="order">The memory order of the layer's value in the graph.</param>
    /// <param name="tensors">The layer's weights by name suffix.</param>
    public Outcome<Value> Add(
        GraphNode node, LayerSpec layer, IReadOnlyList<LayerValue> from, ValueOrder order,
        params ReadOnlySpan<(string Suffix, WeightTensor Tensor)> tensors)
    {
        var name = _names.Reserve(node.Name);
        var put = Draft.AddOrReplace(layer with { Name = name, Inputs = [.. from.Select(value => value.Layer)] });
        if (put.Problem is { } problem)
        {
            return problem;
        }

        foreach (var (suffix, tensor) in tensors)
        {
            Weights.Add($"{name}.{suffix}", tensor);
        }

        return new LayerValue(name, put.Value, put.Value.IsMap ? order : Flat(order)) { Batch = batch };
    }

    /// <summary>Adds a layer without weights that the node needs before its own.</summary>
    public Outcome<LayerValue> AddBefore(GraphNode node, LayerSpec layer, LayerValue from)
    {
        var name = _names.Reserve($"{node.Name}/{LayerTypes.NameOf(layer)}");
        return Draft.AddOrReplace(layer with { Name = name, Inputs = [from.Layer] })
            .Map(shape => new LayerValue(name, shape, shape.IsMap ? from.Order : Flat(from.Order)) { Batch = batch });
    }

    /// <summary>Replaces a layer's settings; only before another layer uses it.</summary>
    public Outcome<Value> Replace(LayerValue value, LayerSpec layer) =>
        Draft.AddOrReplace(layer).Bind<Value>(shape => value with { Shape = shape });

    /// <summary>Whether the node is the only user of an input, so that the layer producing it may be changed.</summary>
    public bool IsSingleUser(GraphNode node, int index) => links.IsUsedOnce(node.InputName(index));

    /// <summary>Whether the node belongs to a layer by the naming of this service's own exports: <c>{layer}/activation</c>.</summary>
    public bool IsPartOf(GraphNode node, LayerValue value, string part) =>
        node.Name == $"{_names.Origins.GetValueOrDefault(value.Layer)}/{part}" || node.Name == $"{value.Layer}/{part}";

    /// <summary>Removes a layer that was merged into another.</summary>
    public void Remove(LayerValue value) => Draft.Remove(value.Layer);

    /// <summary>Reserves a unique name for a layer appended at the end.</summary>
    public string ReserveName(string original) => _names.Reserve(original);

    /// <summary>The weights of the layers of the final network.</summary>
    public NamedWeights WeightsOf(ResolvedNetwork network)
    {
        var kept = new NamedWeights();
        foreach (var tensor in Core.Models.NetworkTensor.List(network))
        {
            kept.Add(tensor.Name, Weights[tensor.Name]);
        }

        return kept;
    }

    private static ValueOrder Flat(ValueOrder order) => order == ValueOrder.ChannelsLast ? ValueOrder.ChannelsFirst : order;
}
