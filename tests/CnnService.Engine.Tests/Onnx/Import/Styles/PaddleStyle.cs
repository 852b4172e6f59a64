using System.Runtime.InteropServices;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>Paddle2ONNX: weights as Constant nodes, shapes put together, scales written as products, an Identity at the end.</summary>
internal sealed class PaddleStyle(ulong seed) : ExporterStyle(seed)
{
    private int _constants;

    protected override int OperatorSet => 11;

    protected override string NameOf(string operation, int number) => $"p2o.{operation}.{number}";

    protected override string OutputOf(string node, int number) => $"{node}.tmp_0";

    protected override string Activation(string value, int channels) => Next(4) switch
    {
        0 => Node("Mul", [value, Node("Div", [Node("Clip", [Node("Add", [value, Number(3)]), Number(0), Number(6)]), Number(6)])]),
        1 => Node("Mul", [Node("Relu", [value]), Number(0.75f)]),
        2 => Node("Clip", [value, Number(0), Number(6)]),
        _ => Node("Relu", [value]),
    };

    protected override (string Output, GeneratedEnd End) Head(MapValue map)
    {
        var classes = 3 + Next(6);
        var pooled = Node("GlobalAveragePool", [map.Name]);
        var batch = Node("Slice", [Node("Shape", [pooled]), Integers(0), Integers(1)]);
        var flat = Node("Reshape", [pooled, Node("Concat", [batch, Integers(-1)], Attributes.Number("axis", 0L))]);
        var scores = Node("Add", [Node("MatMul", [flat, Weights(map.Channels, map.Channels, classes)]), Weights(1, classes)]);
        var (output, end) = Chance(0.6)
            ? (Node("Softmax", [scores], Attributes.Number("axis", 1L)), GeneratedEnd.Softmax)
            : (scores, GeneratedEnd.Scores);
        return (Node("Identity", [output]), end);
    }

    protected override string Floats(float[] values, params long[] shape) =>
        Constant(OnnxTypes.Float, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    protected override string Integers(params long[] values) =>
        Constant(OnnxTypes.Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    private string Constant(int type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        var tensor = new TensorProto { DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        var name = $"param_{_constants++}.w_0";
        return Builder.Node("Constant", string.Empty, name, [],
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor });
    }
}
