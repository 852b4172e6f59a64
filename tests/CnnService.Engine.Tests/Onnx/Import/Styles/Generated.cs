using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>A generated network.</summary>
/// <param name="Model">The file.</param>
/// <param name="End">What its output is.</param>
/// <param name="HasForeign">Whether it holds an operator that no layer stands for.</param>
internal sealed record Generated(ModelProto Model, GeneratedEnd End, bool HasForeign);

/// <summary>The end of a generated network.</summary>
internal enum GeneratedEnd
{
    Scores,
    Softmax,
    LogSoftmax,
    Sigmoid,
}
