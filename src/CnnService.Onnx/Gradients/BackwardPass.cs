using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>Goes back through a network's layers, each adding the nodes that carry the derivative from its value to its inputs.</summary>
internal sealed class BackwardPass(GraphBuilder graph, ResolvedNetwork network, NamedWeights weights)
{
    // Of each layer's value, and of the picture: the derivatives that its consumers gave.
    private readonly Dictionary<string, List<string>> _parts = new(StringComparer.Ordinal);

    /// <summary>The name of the derivative by a layer's value, or by the picture; null where no path leads from there to the output.</summary>
    /// <param name="start">The derivative by the network's output.</param>
    /// <param name="layer">Null: the picture.</param>
    public string? From(string start, string? layer)
    {
        Add(network.Output.Name, start);
        foreach (var current in network.Layers.Reverse())
        {
            if (Sum(current.Name) is not { } gradient)
            {
                continue; // The output does not depend on it.
            }

            if (current.Name == layer)
            {
                return gradient;
            }

            Through(current, gradient);
        }

        return layer is null ? Sum(NetworkSpec.InputName) : null;
    }

    private void Through(ResolvedLayer layer, string gradient)
    {
        var nodes = new LayerGradientNodes(graph, layer.Name);
        gradient = ActivationGradients.Add(nodes, network.FunctionOf(layer), Before(layer), OnnxExporter.ValueOf(layer.Name), gradient);
        var inputs = layer.Spec is ActivationLayer ? [gradient] : LayerGradients.Of(nodes, layer, weights, gradient);
        for (var i = 0; i < inputs.Count; i++)
        {
            Add(layer.Inputs[i], inputs[i]);
        }
    }

    /// <summary>The value that the layer's activation function takes.</summary>
    private static string Before(ResolvedLayer layer) =>
        layer.Spec is ActivationLayer ? OnnxExporter.ValueOf(layer.Inputs[0]) : LayerNodes.PreactivationOf(layer.Name);

    private void Add(string name, string gradient)
    {
        if (!_parts.TryGetValue(name, out var parts))
        {
            _parts[name] = parts = [];
        }

        parts.Add(gradient);
    }

    private string? Sum(string name) => !_parts.TryGetValue(name, out var parts) ? null
        : parts.Count == 1 ? parts[0]
        : graph.Node("Sum", $"{name}/gradient/sum", $"{name}/gradient/sum", parts);
}
