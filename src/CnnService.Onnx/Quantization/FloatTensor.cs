using System.Runtime.InteropServices;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Quantization;

/// <summary>Reads the float32 tensors of files that were exported here.</summary>
internal static class FloatTensor
{
    /// <summary>The values, row-major.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public static ReadOnlySpan<float> Read(TensorProto tensor) => tensor.DataType == OnnxTypes.Float
        ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span)
        : throw new InvalidOperationException($"The tensor '{tensor.Name}' must be float32, received type {tensor.DataType}.");
}
