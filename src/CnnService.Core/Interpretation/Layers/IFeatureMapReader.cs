using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>Runs a served network up to a layer with OnnxRuntime; needs no libtorch. Thread safe.</summary>
public interface IFeatureMapReader
{
    /// <summary>The layer's output for an image, after or before its activation function. Problem code: <c>model.corrupt</c>.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="layer">A layer of its network.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="beforeActivation">True for the input of the layer's own activation function; without effect if it has none.</param>
    Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false);
}

/// <summary>Output of a layer for one image.</summary>
/// <param name="Values"><c>[C,H,W]</c> in C order; a vector has H = W = 1.</param>
public sealed record LayerActivations(int Channels, int Height, int Width, ReadOnlyMemory<float> Values)
{
    public ReadOnlySpan<float> Map(int channel) => Values.Span.Slice(channel * Height * Width, Height * Width);

    /// <summary>Mean over the cells of a map; NaN if any of them is NaN.</summary>
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
