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
public static class KernelImage
{
    private const int InGrid = 8;

    /// <summary>Draws the filters of a plan. Problem codes: those of reading the weights.</summary>
    /// <param name="plan">Filters, scale and input channels.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static Outcome<RenderedImage> Draw(KernelPlan plan, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(encoder);
        return KernelWeights.Read(plan).Map(weights => RenderMetrics.Measure(RenderMetrics.Kernel, () =>
        {
            var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
            text.Add(PngText.Create("largestWeight", weights.Largest(plan.Range.First).ToString(CultureInfo.InvariantCulture)));
            return (new RenderedImage(
                encoder.Encode(plan.IsGrid ? Grid(plan, weights) : weights.Tile(plan.Range.First, plan.Request.Inputs), text), plan.ETag),
                RenderOutcome.Drawn);
        }));
    }

    private static PixelBuffer Grid(KernelPlan plan, KernelWeights weights) => TileGrid.Compose(
        GridTitle.Write(plan.Model, plan.Layer),
        [.. plan.Range.Filters.Select(
            filter => GridTitle.Tile(plan.Layer, filter, weights.Tile(filter, Math.Min(plan.Request.Inputs, InGrid))))]);
}
