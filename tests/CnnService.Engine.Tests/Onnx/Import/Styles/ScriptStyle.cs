using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>PyTorch up to 2.8: <c>torch.onnx.export</c> through TorchScript.</summary>
internal class ScriptStyle(ulong seed) : ExporterStyle(seed)
{
    protected override int OperatorSet => 14;

    protected override string NameOf(string operation, int number) => $"/features/features.{number}/{operation}";

    protected override string Activation(string value, int channels) => Next(11) switch
    {
        0 => Node("LeakyRelu", [value], Attributes.Number("alpha", 0.1f)),
        1 => Node("Clip", [value, Number(0), Number(6)]),
        2 => HardSwish(value),
        3 => Node("Mul", [value, Node("Sigmoid", [value])]),
        4 => Gelu(value),
        5 => Node("Elu", [value], Attributes.Number("alpha", 1f)),
        6 => Node("PRelu", [value, Weights(1, channels, 1, 1)]),
        7 => Node("Selu", [value]),
        8 => Node("Mul", [value, Node("Tanh", [Node("Softplus", [value])])]),
        9 => Node("Tanh", [value]),
        _ => Node("Relu", [value]),
    };

    protected override (string Output, GeneratedEnd End) Head(MapValue map)
    {
        var vector = Vector(map, out var length);
        if (Chance(0.4))
        {
            vector = Node("Relu", [Dense(vector, length, 11)]);
            length = 11;
        }

        var end = Any(GeneratedEnd.Scores, GeneratedEnd.Scores, GeneratedEnd.Softmax, GeneratedEnd.LogSoftmax, GeneratedEnd.Sigmoid);
        var scores = Dense(vector, length, end == GeneratedEnd.Sigmoid ? 1 : 3 + Next(6));
        return (end switch
        {
            GeneratedEnd.Softmax or GeneratedEnd.LogSoftmax => Node(end.ToString(), [scores], Attributes.Number("axis", 1L)),
            GeneratedEnd.Sigmoid => Node("Sigmoid", [scores]),
            _ => scores,
        }, end);
    }

    protected virtual string Vector(MapValue map, out int length)
    {
        length = map.Channels;
        switch (Next(4))
        {
            case 0:
                return Node("Flatten", [Node("GlobalAveragePool", [map.Name])], Attributes.Number("axis", 1L));
            case 1:
                return Mean(map);
            case 2:
                return View(Node("GlobalMaxPool", [map.Name]), length);
            default:
                length = map.Elements;
                return Node("Flatten", [map.Name]);
        }
    }

    protected virtual string Mean(MapValue map) =>
        Node("ReduceMean", [map.Name], Attributes.Numbers("axes", 2, 3), Attributes.Number("keepdims", 0L));

    /// <summary><c>x.view(x.size(0), -1)</c>.</summary>
    protected virtual string View(string value, int length)
    {
        var batch = Node("Gather", [Node("Shape", [value]), Literal(0)], Attributes.Number("axis", 0L));
        var shape = Node("Concat", [Node("Unsqueeze", [batch, Integers(0)]), Integers(-1)], Attributes.Number("axis", 0L));
        return Node("Reshape", [value, shape], Attributes.Number("allowzero", 0L));
    }

    protected string Dense(string vector, int inputs, int units) => Node(
        "Gemm", [vector, Weights(inputs, units, inputs), Weights(1, units)],
        Attributes.Number("alpha", 1f), Attributes.Number("beta", 1f), Attributes.Number("transB", 1L));

    protected virtual string Gelu(string value)
    {
        var erf = Node("Erf", [Node("Div", [value, Number((float)Math.Sqrt(2))])]);
        return Node("Mul", [Node("Mul", [value, Node("Add", [erf, Number(1)])]), Number(0.5f)]);
    }

    private string HardSwish(string value)
    {
        var clipped = Node("Clip", [Node("Add", [value, Number(3)]), Number(0), Number(6)]);
        return Node("Mul", [value, Node("Div", [clipped, Number(6)])]);
    }

    private string Literal(long value)
    {
        var tensor = new TensorProto { DataType = OnnxTypes.Int64 };
        tensor.Int64Data.Add(value);
        return Node("Constant", [], new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor });
    }
}
