using System.Buffers.Binary;
using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>Decodes the tensors of a file. The data must have exactly the declared length.</summary>
internal static class TensorReading
{
    private const int MaxRank = 8;

    /// <summary>
    /// The number of elements that a tensor declares. Problems: <c>onnx.external-data</c>, <c>onnx.too-large</c>, <c>onnx.unreadable</c>.
    /// </summary>
    public static Outcome<long> Check(TensorProto tensor) => IsExternal(tensor)
        ? Problem.Unprocessable("onnx.external-data",
            $"The tensor '{UntrustedName.Sanitize(tensor.Name)}' lies in another file in a place where that is not read.")
        : CountElements(tensor);

    /// <summary>Whether a tensor's values lie in another file.</summary>
    public static bool IsExternal(TensorProto tensor) =>
        tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0;

    /// <summary>As <see cref="Check"/>, wherever the values lie. Problem: <c>onnx.too-large</c>.</summary>
    public static Outcome<long> CountElements(TensorProto tensor)
    {
        if (tensor.Dims.Count > MaxRank)
        {
            return Problem.Unprocessable("onnx.too-large",
                $"The tensor '{UntrustedName.Sanitize(tensor.Name)}' has {tensor.Dims.Count} dimensions, at most {MaxRank} are taken.");
        }

        var elements = Int128.One;
        foreach (var size in tensor.Dims)
        {
            elements *= Math.Max(size, -1);
            if (size < 0 || elements > int.MaxValue)
            {
                return Problem.Unprocessable("onnx.too-large",
                    $"The tensor '{UntrustedName.Sanitize(tensor.Name)}' declares the dimensions "
                    + $"[{string.Join(", ", tensor.Dims)}]: they must be 0 or more, and at most {int.MaxValue} values.");
            }
        }

        return (long)elements;
    }

    /// <summary>The values of a tensor that has so many at most; null for others.</summary>
    public static ConstantTensor? ReadSmall(TensorProto tensor, long maxElements) =>
        Check(tensor).Bind(elements => elements <= maxElements ? Read(tensor) : OnnxFile.Unsupported("too many values"))
            .Match<ConstantTensor?>(value => value, _ => null);

    /// <summary>
    /// The tensor's values; of neither kind for element types that are not supported. Problems as in <see cref="Check"/>.
    /// </summary>
    public static Outcome<ConstantTensor> Read(TensorProto tensor) => Check(tensor).Bind(elements =>
    {
        var values = tensor.DataType switch
        {
            OnnxTypes.Float =>
                Floats(tensor, elements, sizeof(float), tensor.FloatData.Count, i => tensor.FloatData[i],
                    bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            OnnxTypes.Double =>
                Floats(tensor, elements, sizeof(double), tensor.DoubleData.Count, i => (float)tensor.DoubleData[i],
                    bytes => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
            OnnxTypes.Float16 =>
                Floats(tensor, elements, 2, tensor.Int32Data.Count, i => (float)BitConverter.UInt16BitsToHalf((ushort)tensor.Int32Data[i]),
                    bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            OnnxTypes.BFloat16 =>
                Floats(tensor, elements, 2, tensor.Int32Data.Count, i => Widen((ushort)tensor.Int32Data[i]),
                    bytes => Widen(BinaryPrimitives.ReadUInt16LittleEndian(bytes))),
            OnnxTypes.Int64 =>
                Integers(tensor, elements, sizeof(long), tensor.Int64Data.Count, i => tensor.Int64Data[i],
                    BinaryPrimitives.ReadInt64LittleEndian),
            OnnxTypes.Int32 =>
                Integers(tensor, elements, sizeof(int), tensor.Int32Data.Count, i => tensor.Int32Data[i],
                    bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            OnnxTypes.UInt8 or OnnxTypes.Boolean =>
                Integers(tensor, elements, 1, tensor.Int32Data.Count, i => tensor.Int32Data[i], bytes => bytes[0]),
            OnnxTypes.Int8 => Integers(tensor, elements, 1, tensor.Int32Data.Count, i => tensor.Int32Data[i], bytes => (sbyte)bytes[0]),
            _ => null,
        };
        return values is null
            ? Problem.Unprocessable("onnx.unreadable",
                $"The tensor '{UntrustedName.Sanitize(tensor.Name)}' (type {tensor.DataType}) declares "
                + $"{elements} values and does not hold them in a type that is read here.")
            : (Outcome<ConstantTensor>)values;
    });

    private static ConstantTensor? Floats(
        TensorProto tensor, long elements, int width, int listed, Func<int, float> fromList, FromBytes<float> fromBytes) =>
        Values(tensor, elements, width, listed, fromList, fromBytes) is { } values ? ConstantTensor.Create([.. tensor.Dims], values) : null;

    private static ConstantTensor? Integers(
        TensorProto tensor, long elements, int width, int listed, Func<int, long> fromList, FromBytes<long> fromBytes) =>
        Values(tensor, elements, width, listed, fromList, fromBytes) is { } values ? ConstantTensor.Create([.. tensor.Dims], values) : null;

    private static T[]? Values<T>(TensorProto tensor, long elements, int width, int listed, Func<int, T> fromList, FromBytes<T> fromBytes)
    {
        var raw = tensor.RawData.Span;
        if (tensor.HasRawData && listed == 0 ? raw.Length != elements * width : listed != elements)
        {
            return null;
        }

        var values = new T[elements];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = listed == 0 ? fromBytes(raw.Slice(i * width, width)) : fromList(i);
        }

        return values;
    }

    private static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private delegate T FromBytes<T>(ReadOnlySpan<byte> bytes);
}
