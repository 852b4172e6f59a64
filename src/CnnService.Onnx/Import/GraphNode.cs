using System.Text;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>A node with the values of its inputs and typed access to its attributes.</summary>
internal sealed class GraphNode(NodeProto node, IReadOnlyList<Value?> inputs, long operatorSet)
{
    public NodeProto Node => node;

    public string Operation => node.OpType;

    public string Name => OnnxFile.NameOf(node);

    public long OperatorSet => operatorSet;

    public IReadOnlyList<Value?> Inputs => inputs;

    public Value? First => inputs.Count > 0 ? inputs[0] : null;

    /// <summary>The node with another value as its first input.</summary>
    public GraphNode WithFirst(Value first) => new(node, [first, .. inputs.Skip(1)], operatorSet);

    /// <summary>The name of an input that exists.</summary>
    public string InputName(int index) => node.Input[index];

    public LayerValue? Layer(int index) => index < inputs.Count ? inputs[index] as LayerValue : null;

    public ConstantTensor? Constant(int index) => index < inputs.Count ? (inputs[index] as ConstantValue)?.Tensor : null;

    public bool Has(int index) => index < inputs.Count && inputs[index] is not null;

    public AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public long Integer(string name, long usual) => Attribute(name) is { HasI: true } attribute ? attribute.I : usual;

    public double Number(string name, double usual) => Attribute(name) is { HasF: true } attribute ? attribute.F : usual;

    public string Text(string name, string usual) =>
        Attribute(name) is { HasS: true } attribute ? Encoding.UTF8.GetString(attribute.S.Span) : usual;

    public IReadOnlyList<long>? Integers(string name) => Attribute(name) is { Ints.Count: > 0 } attribute ? attribute.Ints : null;

    /// <summary>Integers that are an input in newer operator sets and an attribute in older ones; null if absent.</summary>
    public IReadOnlyList<long>? Integers(string name, int input) => Constant(input)?.Integers ?? Integers(name);

    /// <summary>Whether the node has a named output besides the first, which another node may use.</summary>
    public bool HasFurtherOutputs => node.Output.Skip(1).Any(output => output.Length > 0);
}
