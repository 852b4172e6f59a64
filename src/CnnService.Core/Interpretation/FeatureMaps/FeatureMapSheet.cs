using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Shows how an image is transformed on its way through a network: the first maps of the first convolution at each map size, one row each,
/// as in the article's figure.
/// </summary>
internal static class FeatureMapSheet
{
    private const int Gap = 8;

    private static readonly Color Background = Color.FromRgb(0x101418);

    /// <summary>The first convolution at each map size, in execution order; empty if there is no convolution.</summary>
    public static IReadOnlyList<ResolvedLayer> Layers(ResolvedNetwork network) =>
        [.. network.Layers.Where(layer => layer.Spec is Conv2dLayer && layer.OutputShape.IsMap)
            .DistinctBy(layer => (layer.OutputShape.Height, layer.OutputShape.Width))];

    /// <param name="rows">Plan and maps of each layer, at least one.</param>
    /// <param name="shown">The image that was run through the network.</param>
    public static PixelBuffer Draw(IReadOnlyList<(FeatureMapPlan Plan, LayerActivations Maps)> rows, PixelBuffer shown)
    {
        var grids = rows.Select(row => FeatureMapImage.Draw(row.Plan, row.Maps, shown)).ToArray();
        var canvas = new Canvas(grids.Max(grid => grid.Width), grids.Sum(grid => grid.Height) + (Gap * (grids.Length - 1)), Background);
        var top = 0;
        foreach (var grid in grids)
        {
            canvas.DrawImage(grid, 0, top);
            top += grid.Height + Gap;
        }

        return canvas.Image;
    }
}
