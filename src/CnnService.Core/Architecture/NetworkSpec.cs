using System.Text.Json.Serialization;

namespace CnnService.Core.Architecture;

/// <summary>A network as data: its input image and its layers, in topological order.</summary>
/// <param name="Input">Size of the input image.</param>
/// <param name="Layers">
/// 1 to 2000 layers; the last gives the logits (or, with softmax or sigmoid as its activation, the probabilities).
/// </param>
public sealed record NetworkSpec(InputSpec Input, IReadOnlyList<LayerSpec> Layers)
{
    /// <summary>The name that refers to the image in <see cref="LayerSpec.Inputs"/>.</summary>
    public const string InputName = "input";
}

/// <summary>The input image of a network; height and width in pixels, 1 (grey) or 3 (red, green, blue) channels.</summary>
public sealed record InputSpec(int Height, int Width, int Channels)
{
    [JsonIgnore]
    public TensorShape Shape => TensorShape.Map(Channels, Height, Width);
}
