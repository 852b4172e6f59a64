using System.Text.Json.Serialization;

namespace CnnService.Core.Architecture;

/// <summary>A network as data: the picture it takes and its layers, in an order in which each follows its inputs.</summary>
/// <param name="Input">The picture.</param>
/// <param name="Layers">At least one; the last gives the logits (or, with softmax or sigmoid as its activation, their probabilities).</param>
public sealed record NetworkSpec(InputSpec Input, IReadOnlyList<LayerSpec> Layers)
{
    /// <summary>The name that stands for the picture in <see cref="LayerSpec.Inputs"/>.</summary>
    public const string InputName = "input";
}

/// <summary>The picture a network takes: <c>[channels, height, width]</c>, in pixels.</summary>
public sealed record InputSpec(int Height, int Width, int Channels)
{
    [JsonIgnore]
    public TensorShape Shape => TensorShape.Map(Channels, Height, Width);
}
