using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// What an image becomes on its way through a network: the first maps of the first convolution at each size of map, a row each, as in the
/// article's figure.
/// </summary>
internal static class FeatureMapSheet
{
    private const int Gap = 8;

    private static readonly Color Background = Color.FromRgb(0x101418);

    /// <summary>The first convolution at each size of map, in the network's order; where there is no convolution, none.</summary>
    public static IReadOnlyList<ResolvedLayer> Layers(ResolvedNetwork network) =>
        [.. network.Layers.Where(layer => layer.Spec is Conv2dLayer && layer.OutputShape.IsMap)
            .DistinctBy(layer => (layer.OutputShape.Height, layer.OutputShape.Width))];

    /// <param name="rows">A layer's grid and its maps each; at least one.</param>
    /// <param name="shown">The image they are of.</param>
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
