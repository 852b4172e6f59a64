using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// Draws the kernels of a convolution. Filters over a colour image become one RGB tile each, with grey 128 for a weight of 0 and 127 levels
/// for the largest magnitude. Others become a row of tiles, one an input channel, blue for negative and red for positive weights. Each
/// weight is a square of one colour.
/// </summary>
internal static class KernelImage
{
    private const int InGrid = 8;

    /// <param name="plan">Filters, scale and input channels.</param>
    /// <param name="weights">Weights of the plan's layer.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static RenderedImage Render(KernelPlan plan, KernelWeights weights, IPngEncoder encoder)
    {
        var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
        text.Add(PngText.Create("largestWeight", weights.Largest(plan.Range.First).ToString(CultureInfo.InvariantCulture)));
        var image = plan.IsGrid ? Grid(plan, weights) : weights.Tile(plan.Range.First, plan.Request.Inputs);
        return new(encoder.Encode(image, text), plan.ETag);
    }

    private static PixelBuffer Grid(KernelPlan plan, KernelWeights weights) => TileGrid.Compose(
        GridTitle.Write(plan.Model, plan.Layer),
        [.. plan.Range.Filters.Select(
            filter => GridTitle.Tile(plan.Layer, filter, weights.Tile(filter, Math.Min(plan.Request.Inputs, InGrid))))]);
}
