using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>PyTorch since 2.9 by default (<c>dynamo=True</c>): operator set 18, static shapes, functions of its own.</summary>
internal sealed class DynamoStyle(ulong seed) : ScriptStyle(seed)
{
    private const string Library = "pkg.onnxscript.torch_lib";

    private bool _hasFunction;

    protected override int OperatorSet => 18;

    protected override string NameOf(string operation, int number) => $"node_{operation.ToLowerInvariant()}_{number}";

    protected override string OutputOf(string node, int number) => $"val_{number}";

    protected override string Activation(string value, int channels)
    {
        if (!Chance(0.15))
        {
            return base.Activation(value, channels);
        }

        _hasFunction = true;
        var activated = Node("aten_leaky_relu", [value], Attributes.Number("negative_slope", 0.2f));
        Graph.Node[^1].Domain = Library;
        return activated;
    }

    protected override string Mean(MapValue map)
    {
        if (Chance(0.5))
        {
            return Node("ReduceMean", [map.Name, Integers(2, 3)], Attributes.Number("keepdims", 0L),
                Attributes.Number("noop_with_empty_axes", 0L));
        }

        // x.flatten(2).mean(-1)
        var flat = Node("Reshape", [map.Name, Integers(1, map.Channels, map.Height * map.Width)], Attributes.Number("allowzero", 1L));
        return Node("ReduceMean", [flat, Integers(-1)], Attributes.Number("keepdims", 0L));
    }

    protected override string View(string value, int length) => Chance(0.5)
        ? Node("Reshape", [value, Integers(1, length)], Attributes.Number("allowzero", 1L))
        : Node("Squeeze", [Node("Squeeze", [value, Integers(-1)]), Integers(-1)]);

    /// <summary>x · (½ · (1 + erf(x/√2))).</summary>
    protected override string Gelu(string value)
    {
        var erf = Node("Erf", [Node("Mul", [value, Number((float)Math.Sqrt(0.5))])]);
        return Node("Mul", [value, Node("Mul", [Number(0.5f), Node("Add", [erf, Number(1)])])]);
    }

    protected override MapValue Gate(MapValue map)
    {
        var mean = Node("ReduceMean", [map.Name, Integers(2, 3)], Attributes.Number("keepdims", 1L));
        var gate = Node("HardSigmoid", [Convolution(new(mean, map.Channels, 1, 1), map.Channels, 1, 1).Name],
            Attributes.Number("alpha", 1f / 6), Attributes.Number("beta", 0.5f));
        var wide = Chance(0.5) ? Node("Expand", [gate, Integers(1, map.Channels, map.Height, map.Width)]) : gate;
        return map with { Name = Node("Mul", [wide, map.Name]) };
    }

    protected override void Finish(ModelProto model)
    {
        model.IrVersion = 10;
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        if (!_hasFunction)
        {
            return;
        }

        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Library, Version = 1 });
        var function = new FunctionProto { Name = "aten_leaky_relu", Domain = Library };
        function.Input.Add("self");
        function.Output.Add("result");
        function.Attribute.Add("negative_slope");
        function.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        var node = new NodeProto { OpType = "LeakyRelu", Name = "n0" };
        node.Input.Add("self");
        node.Output.Add("result");
        node.Attribute.Add(new AttributeProto
        {
            Name = "alpha",
            RefAttrName = "negative_slope",
            Type = AttributeProto.Types.AttributeType.Float,
        });
        function.Node.Add(node);
        model.Functions.Add(function);
    }
}
