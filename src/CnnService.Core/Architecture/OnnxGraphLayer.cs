namespace CnnService.Core.Architecture;

/// <summary>
/// A whole network that only OnnxRuntime carries out, because it holds operators that no layer here stands for. The one layer of
/// its network; never part of a request.
/// </summary>
public sealed record OnnxGraphLayer : LayerSpec
{
    /// <summary>The name it always has.</summary>
    public const string Only = "network";

    /// <summary>Values it gives for a picture.</summary>
    public int Outputs { get; init; }

    /// <summary>A network that consists of it.</summary>
    public static NetworkSpec Network(InputSpec input, int outputs) => new(input, [new OnnxGraphLayer { Name = Only, Outputs = outputs }]);
}
