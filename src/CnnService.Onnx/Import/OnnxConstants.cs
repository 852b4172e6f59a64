using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <inheritdoc cref="IOnnxConstants"/>
/// <remarks>The file need not be a network that can be imported: nothing but the constant is looked at.</remarks>
internal sealed class OnnxConstants : IOnnxConstants
{
    private const int MaxBytes = 1 << 28;
    private const int MaxDepth = 32;

    public Outcome<WeightTensor> Read(string path, string name)
    {
        using var stream = RegularFile.OpenRead(path);
        if (stream.Length > MaxBytes)
        {
            return Problem.Unprocessable(
                "onnx.too-large", $"The file '{Path.GetFileName(path)}' has {stream.Length} bytes, at most {MaxBytes} are taken.");
        }

        try
        {
            using var coded = CodedInputStream.CreateWithLimits(stream, MaxBytes, MaxDepth);
            var model = ModelProto.Parser.ParseFrom(coded);
            return model.Graph?.Initializer.FirstOrDefault(tensor => tensor.Name == name) is { } found
                ? TensorReading.Read(found).Map(tensor => new WeightTensor([.. tensor.Dims.Select(size => (int)size)], tensor.AsFloats()))
                : Problem.Unprocessable("onnx.no-such-constant", $"The file '{Path.GetFileName(path)}' has no constant '{name}'.");
        }
        catch (InvalidProtocolBufferException failure)
        {
            return Problem.Unprocessable("onnx.unreadable", $"The file '{Path.GetFileName(path)}' is no ONNX file: {failure.Message}");
        }
    }
}
