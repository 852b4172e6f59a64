using System.Text.Json.Serialization;

namespace CnnService.Core.Architecture;

/// <summary>
/// A whole network as an opaque ONNX graph, because it contains operators that no layer type here represents; only OnnxRuntime can run
/// it. It is the only layer of its network and never part of a request.
/// </summary>
public sealed record OnnxGraphLayer : LayerSpec
{
    /// <summary>The fixed name of this layer.</summary>
    public const string FixedName = "network";

    /// <summary>Number of outputs per image.</summary>
    public int Outputs { get; init; }

    /// <summary>Whether each output is the logit of a class with a probability of its own, a sigmoid's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsMultiLabel { get; init; }

    /// <summary>A network that consists of one such layer.</summary>
    public static NetworkSpec Network(InputSpec input, int outputs, bool isMultiLabel = false) => new(input, [new OnnxGraphLayer
    {
        Name = FixedName,
        Outputs = outputs,
        IsMultiLabel = isMultiLabel,
    }]);
}
