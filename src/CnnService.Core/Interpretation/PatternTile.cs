using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation;

/// <summary>A pattern and its proof: figures measured on the 8-bit image itself.</summary>
/// <param name="Filter">Index in the layer.</param>
/// <param name="Image">Plain RGB or grey.</param>
/// <param name="Activation">
/// Mean activation of the filter for this image (after the activation function); of the positive part where everything up to the
/// filter is linear in the image, because its plain mean says nothing but the mean colour.
/// </param>
/// <param name="StartActivation">The same for the start of the ascent.</param>
/// <param name="NoiseActivation">The largest mean activation over the noise images tried.</param>
/// <param name="Iterations">Steps done.</param>
/// <param name="Size">Side in pixels.</param>
/// <param name="Status">Whether the pattern means anything.</param>
/// <param name="Variant">0, or which of several images of the filter it is.</param>
public sealed record PatternTile(
    int Filter,
    PixelBuffer Image,
    double Activation,
    double StartActivation,
    double NoiseActivation,
    int Iterations,
    int Size,
    PatternStatus Status,
    int Variant = 0)
{
    /// <summary>As it stands in a figure: a dead one is hatched.</summary>
    internal PixelBuffer Shown => Status == PatternStatus.Dead ? DeadFilterTile.Render(Image) : Image;
}
