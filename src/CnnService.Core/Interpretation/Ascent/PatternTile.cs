using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>A pattern with measurements made on its 8-bit image.</summary>
/// <param name="Filter">Index of the filter in the layer.</param>
/// <param name="Image">RGB or grey, without label.</param>
/// <param name="Activation">
/// Mean activation of the filter for this image, after the activation function. If everything up to the filter is linear in the image, the
/// mean of the positive part: the plain mean would measure the mean colour only.
/// </param>
/// <param name="StartActivation">The same for the start of the ascent.</param>
/// <param name="NoiseActivation">The largest mean activation over the noise images.</param>
/// <param name="Iterations">Steps done; 0 if no start had a gradient.</param>
/// <param name="Size">Longer side in pixels.</param>
/// <param name="Status">Whether the pattern is significant.</param>
/// <param name="Variant">Index among the variants of the filter, from 0.</param>
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
    /// <summary>The image for display; that of a dead filter is hatched.</summary>
    internal PixelBuffer DisplayImage => Status == PatternStatus.Dead ? DeadFilterTile.Render(Image) : Image;
}
