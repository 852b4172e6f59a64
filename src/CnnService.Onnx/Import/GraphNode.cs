using System.Text;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>A node with what its inputs stand for.</summary>
internal sealed class GraphNode(NodeProto node, IReadOnlyList<Value?> inputs, long operatorSet)
{
    public NodeProto Node => node;

    public string Operation => node.OpType;

    public string Name => OnnxFile.NameOf(node);

    public long OperatorSet => operatorSet;

    public IReadOnlyList<Value?> Inputs => inputs;

    /// <summary>The names of the inputs that are there.</summary>
    public string InputName(int index) => node.Input[index];

    public LayerValue? Layer(int index) => index < inputs.Count ? inputs[index] as LayerValue : null;

    public ConstantTensor? Constant(int index) => index < inputs.Count ? (inputs[index] as ConstantValue)?.Tensor : null;

    public bool Has(int index) => index < inputs.Count && inputs[index] is not null;

    public AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public long Integer(string name, long usual) => Attribute(name) is { HasI: true } attribute ? attribute.I : usual;

    public double Number(string name, double usual) => Attribute(name) is { HasF: true } attribute ? attribute.F : usual;

    public string Text(string name, string usual) => Attribute(name) is { HasS: true } attribute ? Encoding.UTF8.GetString(attribute.S.Span) : usual;

    public IReadOnlyList<long>? Integers(string name) => Attribute(name) is { Ints.Count: > 0 } attribute ? attribute.Ints : null;

    /// <summary>Whole numbers that newer operator sets take as an input and older ones as an attribute.</summary>
    public IReadOnlyList<long>? Integers(string name, int input) => Constant(input)?.Integers ?? Integers(name);

    /// <summary>Whether a second output of the node is named: somebody may take it.</summary>
    public bool GivesMore => node.Output.Skip(1).Any(output => output.Length > 0);
}
