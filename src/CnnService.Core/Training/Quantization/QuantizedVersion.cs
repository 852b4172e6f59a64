using CnnService.Core.Models.Quantization;

namespace CnnService.Core.Training.Quantization;

/// <param name="Report">How it compares, without its file.</param>
/// <param name="File">Content of the ONNX file, with its own temperature and scale of familiarity.</param>
public sealed record QuantizedVersion(QuantizationReport Report, byte[] File);
