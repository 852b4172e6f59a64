using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Gradients;

/// <summary>Adds the nodes of one layer's backward pass to the graph, with unique names for intermediate values.</summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="scope">Prefix of the names.</param>
internal sealed class GradientNodes(GraphBuilder graph, string scope)
{
    private int _next;

    public string Node(string operation, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var name = NextName();
        return graph.Node(operation, name, name, inputs, attributes);
    }

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Subtract(string a, string b) => Node("Sub", [a, b]);

    public string Multiply(string a, string b) => Node("Mul", [a, b]);

    public string Divide(string a, string b) => Node("Div", [a, b]);

    /// <summary>Elementwise: <paramref name="then"/> where the condition is true, else <paramref name="otherwise"/>.</summary>
    public string Where(string condition, string then, string otherwise) => Node("Where", [condition, then, otherwise]);

    public string Constant(double value) => graph.Weights(NextName(), [(float)value]);

    public string Constant(ReadOnlySpan<float> values, params long[] shape) => graph.Weights(NextName(), values, shape);

    public string Integers(params long[] values) => graph.Integers(NextName(), values);

    public string Reshape(string value, params long[] shape) => Node("Reshape", [value, Integers(shape)]);

    /// <summary>Zeros in the shape of a value.</summary>
    public string Zeros(string value) => Node("ConstantOfShape", [Node("Shape", [value])]);

    private string NextName() => $"{scope}/{_next++}";
}
