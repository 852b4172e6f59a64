using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// The kernels of a convolution as they are. Where the filters take a colour image, one tile in its colours: no weight is grey 128, the
/// largest magnitude 127 more or less. Elsewhere a row of tiles, one an input channel, blue below zero and red above. Each weight is a
/// square of one colour.
/// </summary>
public static class KernelImage
{
    private const int InGrid = 8;

    /// <summary>The image of a plan. Problem codes: those of reading the weights.</summary>
    /// <param name="plan">What to draw.</param>
    /// <param name="encoder">Writes the file.</param>
    public static Outcome<RenderedImage> Draw(KernelPlan plan, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(encoder);
        return KernelWeights.Read(plan).Map(weights => RenderMetrics.Watch(RenderMetrics.Kernel, () =>
        {
            var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
            text.Add(PngText.Create("largestWeight", weights.Largest(plan.Range.First).ToString(CultureInfo.InvariantCulture)));
            return (new RenderedImage(
                encoder.Encode(plan.IsGrid ? Grid(plan, weights) : weights.Tile(plan.Range.First, plan.Request.Inputs), text), plan.ETag,
                []), RenderOutcome.Drawn);
        }));
    }

    private static PixelBuffer Grid(KernelPlan plan, KernelWeights weights) => TileGrid.Compose(
        GridTitle.Write(plan.Model, plan.Layer),
        [.. plan.Range.Filters.Select(
            filter => GridTitle.Tile(plan.Layer, filter, weights.Tile(filter, Math.Min(plan.Request.Inputs, InGrid))))]);
}
