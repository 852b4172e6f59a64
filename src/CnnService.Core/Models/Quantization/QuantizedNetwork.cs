namespace CnnService.Core.Models.Quantization;

/// <param name="File">Content of the ONNX file.</param>
/// <param name="Quantized">Number of convolutions and dense layers that compute with 8-bit integers.</param>
/// <param name="LeftInFloat">Operators before a global pooling that remain in float32, and the pooling, by their ONNX names.</param>
public sealed record QuantizedNetwork(byte[] File, int Quantized, IReadOnlyList<string> LeftInFloat);
