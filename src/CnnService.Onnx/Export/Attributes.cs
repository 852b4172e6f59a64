using CnnService.Core.Architecture;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Export;

/// <summary>Creates attributes of ONNX nodes.</summary>
internal static class Attributes
{
    public static AttributeProto Number(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Numbers(string name, params ReadOnlySpan<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }

    public static AttributeProto Pair(string name, Size2 size) => Numbers(name, size.Height, size.Width);

    public static AttributeProto Pads(Padding2 padding) => Numbers("pads", padding.Top, padding.Left, padding.Bottom, padding.Right);
}
