using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>CNTK: the batch fixed at 1, uneven paddings, biases added as maps of one cell, shapes with the batch in them.</summary>
internal sealed class CntkStyle(ulong seed) : ExporterStyle(seed)
{
    protected override int OperatorSet => 9;

    protected override string NameOf(string operation, int number) => $"{operation}{200 + number}";

    protected override string OutputOf(string node, int number) => $"{node}_Output_0";

    protected override MapValue Convolution(MapValue map, int filters, int kernel, int stride, int groups = 1)
    {
        // As many cells as it takes, the odd one above and left.
        var (rows, columns) = (Pads(map.Height, kernel, stride), Pads(map.Width, kernel, stride));
        var depth = map.Channels / groups;
        var conv = Node("Conv", [map.Name, Weights(depth * kernel * kernel, filters, depth, kernel, kernel)],
            Attributes.Numbers("kernel_shape", kernel, kernel), Attributes.Numbers("strides", stride, stride),
            Attributes.Numbers("pads", rows - (rows / 2), columns - (columns / 2), rows / 2, columns / 2),
            Attributes.Number("group", (long)groups));
        var biased = Node("Add", [conv, Weights(1, filters, 1, 1)]);
        return new(biased, filters, ((map.Height - 1) / stride) + 1, ((map.Width - 1) / stride) + 1);
    }

    protected override MapValue Normalization(MapValue map)
    {
        var normal = base.Normalization(map);
        Graph.Node[^1].Attribute.Add(Attributes.Number("momentum", 0.9f));
        return normal;
    }

    protected override string Activation(string value, int channels) => Next(4) switch
    {
        0 => Node("LeakyRelu", [value], Attributes.Number("alpha", 0.01f)),
        1 => Node("Sigmoid", [value]),
        2 => Node("Dropout", [Node("Relu", [value])], Attributes.Number("ratio", 0.5f)),
        _ => Node("Relu", [value]),
    };

    protected override (string Output, GeneratedEnd End) Head(MapValue map)
    {
        var classes = 3 + Next(6);
        var (pooled, length) = Chance(0.5)
            ? (Node("AveragePool", [map.Name], Attributes.Numbers("kernel_shape", map.Height, map.Width)), map.Channels)
            : (map.Name, map.Elements);
        var flat = Node("Reshape", [pooled, Integers(1, length)]);
        var scores = Node("Add", [Node("MatMul", [flat, Weights(length, length, classes)]), Weights(1, classes)]);
        return Chance(0.5)
            ? (Node("Softmax", [scores], Attributes.Number("axis", 1L)), GeneratedEnd.Softmax)
            : (scores, GeneratedEnd.Scores);
    }

    protected override void Finish(ModelProto model) => model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };

    private static int Pads(int size, int kernel, int stride) => Math.Max(0, ((((size - 1) / stride) * stride) + kernel) - size);
}
