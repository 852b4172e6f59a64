using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Export;

/// <summary>
/// Builds an ONNX graph from nodes, weights and values. The caller names each value once and adds nodes in topological order.
/// </summary>
internal sealed class GraphBuilder(string name)
{
    /// <summary>Symbolic name of the batch dimension, whose size is free at run time.</summary>
    private const string Batch = "N";

    public GraphProto Graph { get; } = new() { Name = name };

    /// <summary>Adds a node with one output and returns the output's name.</summary>
    public string Node(
        string operation, string nodeName, string output, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = nodeName };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        Graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a float32 initializer (little endian, as the standard requires) and returns its name.</summary>
    /// <exception cref="PlatformNotSupportedException">The machine is big endian.</exception>
    public string Weights(string tensorName, ReadOnlySpan<float> values, params long[] shape)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX raw data is little endian; this machine is not.");
        }

        return Initializer(tensorName, OnnxTypes.Float, MemoryMarshal.AsBytes(values), shape);
    }

    /// <summary>Adds a float16 initializer, values rounded to nearest, and returns its name.</summary>
    public string HalfWeights(string tensorName, ReadOnlySpan<float> values, params long[] shape)
    {
        var halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        return Initializer(tensorName, OnnxTypes.Float16, MemoryMarshal.AsBytes(halves.AsSpan()), shape);
    }

    public string Integers(string tensorName, params long[] values) =>
        Initializer(tensorName, OnnxTypes.Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    public void Input(string valueName, TensorShape shape) => Graph.Input.Add(Value(valueName, shape));

    /// <summary>Adds an input of images as bytes, uint8 <c>[N,H,W,C]</c>.</summary>
    public void ByteInput(string valueName, InputSpec image) => Graph.Input.Add(ByteValue(valueName, image));

    /// <summary>The declaration that <see cref="ByteInput"/> adds.</summary>
    public static ValueInfoProto ByteValue(string valueName, InputSpec image) =>
        Value(valueName, OnnxTypes.UInt8, image.Height, image.Width, image.Channels);

    public void Output(string valueName, TensorShape shape) => Graph.Output.Add(Value(valueName, shape));

    /// <summary>The declaration of a float32 value, <c>[N,C,H,W]</c> or <c>[N,C]</c>, with a free batch dimension.</summary>
    public static ValueInfoProto Value(string valueName, TensorShape shape)
    {
        return shape.IsMap
            ? Value(valueName, OnnxTypes.Float, shape.Channels, shape.Height, shape.Width)
            : Value(valueName, OnnxTypes.Float, shape.Channels);
    }

    /// <summary>The declaration of a float32 value whose dimensions are not told.</summary>
    public static ValueInfoProto FloatValue(string valueName) =>
        new() { Name = valueName, Type = new() { TensorType = new() { ElemType = OnnxTypes.Float } } };

    /// <summary>The declaration of a float32 value of any dimensions behind a free batch.</summary>
    public static ValueInfoProto FloatValue(string valueName, params ReadOnlySpan<long> sizes)
    {
        var value = Value(valueName, OnnxTypes.Float);
        foreach (var size in sizes)
        {
            value.Type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return value;
    }

    private static ValueInfoProto Value(string valueName, int type, params ReadOnlySpan<int> sizes)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Batch });
        foreach (var size in sizes)
        {
            dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return new ValueInfoProto
        {
            Name = valueName,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = dimensions } },
        };
    }

    /// <summary>Adds an initializer of any type (little endian) and returns its name.</summary>
    public string Initializer(string tensorName, int type, ReadOnlySpan<byte> data, long[] shape)
    {
        var tensor = new TensorProto { Name = tensorName, DataType = type, RawData = ByteString.CopyFrom(data) };
        tensor.Dims.AddRange(shape);
        Graph.Initializer.Add(tensor);
        return tensorName;
    }
}
