using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Import;

/// <summary>Grows a network from a graph's nodes, with its weights and the names that the nodes had.</summary>
/// <param name="users">How many nodes take each value of the graph.</param>
internal sealed class LayerBuilder(InputSpec input, IReadOnlyDictionary<string, int> users)
{
    private readonly ImportedNames _names = new();

    public NetworkDraft Draft { get; } = new(input);

    public NamedWeights Weights { get; } = new();

    public IReadOnlyDictionary<string, string> Origins => _names.Origins;

    /// <summary>A refusal of one node.</summary>
    public static Problem Refuse(string reason) => Problem.Unprocessable("onnx.unsupported", reason);

    /// <summary>The node as a layer.</summary>
    /// <param name="node">It gives the name.</param>
    /// <param name="layer">Without name and inputs.</param>
    /// <param name="from">What it takes.</param>
    /// <param name="order">How the graph holds its value.</param>
    /// <param name="tensors">Its weights by the end of their names.</param>
    public Outcome<Value> Add(GraphNode node, LayerSpec layer, IReadOnlyList<LayerValue> from, ValueOrder order, params ReadOnlySpan<(string Suffix, WeightTensor Tensor)> tensors)
    {
        var name = _names.Take(node.Name);
        var put = Draft.Put(layer with { Name = name, Inputs = [.. from.Select(value => value.Layer)] });
        if (put.Problem is { } problem)
        {
            return problem;
        }

        foreach (var (suffix, tensor) in tensors)
        {
            Weights.Add($"{name}.{suffix}", tensor);
        }

        return new LayerValue(name, put.Value, put.Value.IsMap ? order : Flat(order));
    }

    /// <summary>The same layer with other fields, before anybody takes it.</summary>
    public Outcome<Value> Change(LayerValue value, LayerSpec layer) => Draft.Put(layer).Bind<Value>(shape => value with { Shape = shape });

    /// <summary>Whether the node is the only one that takes an input, so that the layer behind it may be changed.</summary>
    public bool IsAlone(GraphNode node, int index) => users.GetValueOrDefault(node.InputName(index)) == 1;

    /// <summary>Whether the node is the part of a layer that our own exports name so: <c>{layer}/activation</c>.</summary>
    public bool IsPartOf(GraphNode node, LayerValue value, string part) =>
        node.Name == $"{_names.Origins.GetValueOrDefault(value.Layer)}/{part}" || node.Name == $"{value.Layer}/{part}";

    /// <summary>Takes a layer out that has become part of another.</summary>
    public void Drop(LayerValue value) => Draft.Remove(value.Layer);

    /// <summary>A name for the layer behind the last one.</summary>
    public string Name(string original) => _names.Take(original);

    /// <summary>The weights of the layers that a network kept.</summary>
    public NamedWeights WeightsOf(ResolvedNetwork network)
    {
        var kept = new NamedWeights();
        foreach (var tensor in Core.Models.NetworkTensor.Of(network))
        {
            kept.Add(tensor.Name, Weights[tensor.Name]);
        }

        return kept;
    }

    private static ValueOrder Flat(ValueOrder order) => order == ValueOrder.ChannelsLast ? ValueOrder.Plain : order;
}
