using CnnService.Core.Architecture;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>MATLAB: an old format whose weights are inputs too, a mean image, dense layers as convolutions of whole maps.</summary>
internal sealed class MatlabStyle(ulong seed) : ExporterStyle(seed)
{
    protected override int OperatorSet => 8;

    protected override string NameOf(string operation, int number) => $"{operation.ToLowerInvariant()}_{number}";

    protected override string OutputOf(string node, int number) => node;

    protected override MapValue Image(int channels, int height, int width)
    {
        var image = base.Image(channels, height, width);
        return !Chance(0.3) ? image : image with
        {
            Name = Node("Sub", [image.Name, Chance(0.5)
                ? Weights(1, 1, channels, 1, 1)
                : Weights(1, 1, channels, height, width)]),
        };
    }

    protected override string Activation(string value, int channels) => Next(5) switch
    {
        0 => Node("LeakyRelu", [value], Attributes.Number("alpha", 0.01f)),
        1 => Node("Clip", [value], Attributes.Number("min", 0f), Attributes.Number("max", 10f)),
        2 => Node("Tanh", [value]),
        3 => Node("LRN", [value], Attributes.Number("alpha", 1e-4f), Attributes.Number("beta", 0.75f), Attributes.Number("bias", 1f),
            Attributes.Number("size", 5L)),
        _ => Node("Relu", [value]),
    };

    protected override (string Output, GeneratedEnd End) Head(MapValue map)
    {
        var classes = 3 + Next(6);
        var hidden = Node("Relu", [Node("Conv", [map.Name, Weights(map.Elements, 9, map.Channels, map.Height, map.Width), Weights(1, 9)],
            Attributes.Numbers("kernel_shape", map.Height, map.Width))]);
        var scores = Node("Conv", [hidden, Weights(9, classes, 9, 1, 1), Weights(1, classes)], Attributes.Numbers("kernel_shape", 1, 1));
        var flat = Node("Flatten", [scores], Attributes.Number("axis", 1L));
        return (Node("Softmax", [flat], Attributes.Number("axis", 1L)), GeneratedEnd.Softmax);
    }

    protected override void Finish(ModelProto model)
    {
        model.IrVersion = 3;
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        foreach (var tensor in model.Graph.Initializer)
        {
            var value = GraphBuilder.Value(tensor.Name, TensorShape.Vector(1));
            (value.Type.TensorType.ElemType, value.Type.TensorType.Shape) = (tensor.DataType, new());
            value.Type.TensorType.Shape.Dim.AddRange(
                tensor.Dims.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
            model.Graph.Input.Add(value);
        }
    }
}
