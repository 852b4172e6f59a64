using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>Reads what the layers of a served network answer to an image, by OnnxRuntime; needs no libtorch. Thread safe.</summary>
public interface IFeatureMapReader
{
    /// <summary>The layer's output for the image, after its activation function, or before it.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">A layer of its network.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="beforeActivation">What the layer's own activation function takes; where it has none, nothing else.</param>
    Outcome<LayerActivations> Read(LoadedModel model, string layer, PixelBuffer image, bool beforeActivation = false);
}

/// <summary>The output of a layer for one image.</summary>
/// <param name="Values"><c>[C,H,W]</c> in C order; a vector has H = W = 1.</param>
public sealed record LayerActivations(int Channels, int Height, int Width, ReadOnlyMemory<float> Values)
{
    public ReadOnlySpan<float> Map(int channel) => Values.Span.Slice(channel * Height * Width, Height * Width);

    /// <summary>Of the map's cells; not a number where one of them is none.</summary>
    public double Mean(int channel)
    {
        var sum = 0.0;
        foreach (var value in Map(channel))
        {
            sum += value;
        }

        return sum / (Height * Width);
    }
}
