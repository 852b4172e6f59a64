using CnnService.Onnx.Export;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>tf2onnx: channels last outside, transposes around what needs them first, names with colons.</summary>
internal sealed class TensorFlowStyle(ulong seed) : ExporterStyle(seed)
{
    private static readonly int[] ToFirst = [0, 3, 1, 2];
    private static readonly int[] ToLast = [0, 2, 3, 1];

    protected override int OperatorSet => 13;

    protected override string NameOf(string operation, int number) => $"StatefulPartitionedCall/model/block_{number}/{operation}";

    protected override string OutputOf(string node, int number) => $"{node}:0";

    protected override MapValue Image(int channels, int height, int width)
    {
        Graph.Input.Add(GraphBuilder.FloatValue("input_1:0", height, width, channels));
        var first = channels == 1 && Chance(0.7)
            ? Node("Reshape", ["input_1:0", Integers(-1, 1, height, width)])
            : Node("Transpose", ["input_1:0"], Attributes.Numbers("perm", ToFirst));
        return new(first, channels, height, width);
    }

    protected override MapValue Convolution(MapValue map, int filters, int kernel, int stride, int groups = 1)
    {
        var depth = map.Channels / groups;
        var name = Node("Conv", [map.Name, Weights(depth * kernel * kernel, filters, depth, kernel, kernel), Weights(1, filters)],
            Attributes.Text("auto_pad", "SAME_UPPER"), Attributes.Numbers("strides", stride, stride),
            Attributes.Number("group", (long)groups));
        return new(name, filters, ((map.Height - 1) / stride) + 1, ((map.Width - 1) / stride) + 1);
    }

    protected override string Activation(string value, int channels)
    {
        if (Chance(0.3))
        {
            // An addition of TensorFlow's, left in its layout.
            var last = Node("Transpose", [value], Attributes.Numbers("perm", ToLast));
            value = Node("Transpose", [Node("Add", [last, Weights(1, channels)])], Attributes.Numbers("perm", ToFirst));
        }

        return Next(4) switch
        {
            0 => Node("Min", [Node("Relu", [value]), Number(6)]),
            1 => Node("Elu", [value]),
            2 => Node("LeakyRelu", [value], Attributes.Number("alpha", 0.3f)),
            _ => Node("Relu", [value]),
        };
    }

    protected override (string Output, GeneratedEnd End) Head(MapValue map)
    {
        string Last() => Node("Transpose", [map.Name], Attributes.Numbers("perm", ToLast));
        var (vector, length) = Next(3) switch
        {
            0 => (Node("Squeeze", [Node("GlobalAveragePool", [map.Name]), Integers(2, 3)]), map.Channels),
            1 => (Node("ReduceMean", [Last()], Attributes.Numbers("axes", 1, 2), Attributes.Number("keepdims", 0L)), map.Channels),
            _ => (Node("Reshape", [Last(), Integers(-1, map.Elements)]), map.Elements),
        };
        var scores = Dense(vector, length, 3 + Next(6));
        return Chance(0.7)
            ? (Node("Softmax", [scores], Attributes.Number("axis", -1L)), GeneratedEnd.Softmax)
            : (scores, GeneratedEnd.Scores);
    }

    private string Dense(string vector, int inputs, int units) =>
        Node("Add", [Node("MatMul", [vector, Weights(inputs, inputs, units)]), Weights(1, units)]);
}
