using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Gradients;

/// <summary>Adds the nodes of one layer's derivative; their names are <c>{layer}/gradient/{part}</c>.</summary>
internal sealed class LayerGradientNodes(GraphBuilder graph, string layer)
{
    public GraphBuilder Graph => graph;

    public string Layer => layer;

    public string Node(string operation, string part, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        graph.Node(operation, Name(part), Name(part), inputs, attributes);

    public string Constant(string part, ReadOnlySpan<float> values, params long[] shape) => graph.Weights(Name(part), values, shape);

    public string Number(string part, double value) => graph.Weights(Name(part), [(float)value]);

    public string Integers(string part, params long[] values) => graph.Integers(Name(part), values);

    private string Name(string part) => $"{layer}/gradient/{part}";
}
