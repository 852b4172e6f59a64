using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;

namespace CnnService.Onnx.Import;

/// <inheritdoc cref="IOnnxConstants"/>
internal sealed class OnnxConstants : IOnnxConstants
{
    public Outcome<WeightTensor> Read(string path, string name) => OnnxFile.Read(path).Bind(model =>
        model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name) is { } found
            ? TensorReading.Read(found).Map(tensor => new WeightTensor([.. tensor.Dims.Select(size => (int)size)], tensor.AsFloats()))
            : Problem.Unprocessable("onnx.no-such-constant", $"The file '{Path.GetFileName(path)}' has no constant '{name}'."));
}
