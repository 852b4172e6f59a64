using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization;

/// <summary>
/// What a picture becomes on its way through a network: the first maps of the first convolution at each size of map, a row each, as in the
/// article's figure.
/// </summary>
internal static class FeatureMapSheet
{
    private const int Gap = 8;

    private static readonly Color Background = Color.Of(0x101418);

    /// <summary>The first convolution at each size of map, in the network's order; where there is no convolution, none.</summary>
    public static IReadOnlyList<ResolvedLayer> Layers(ResolvedNetwork network) =>
        [.. network.Layers.Where(layer => layer.Spec is Conv2dLayer && layer.OutputShape.IsMap).DistinctBy(layer => (layer.OutputShape.Height, layer.OutputShape.Width))];

    /// <param name="model">The version.</param>
    /// <param name="rows">A layer and its maps each; at least one.</param>
    /// <param name="request">How to show them.</param>
    public static PixelBuffer Draw(LoadedModel model, IReadOnlyList<(ResolvedLayer Layer, FeatureMaps Maps)> rows, FeatureMapRequest request)
    {
        var grids = rows.Select(row => Row(model, row.Layer, row.Maps, request)).ToArray();
        var canvas = new Canvas(grids.Max(grid => grid.Width), grids.Sum(grid => grid.Height) + (Gap * (grids.Length - 1)), Background);
        var top = 0;
        foreach (var grid in grids)
        {
            canvas.Place(grid, 0, top);
            top += grid.Height + Gap;
        }

        return canvas.Picture;
    }

    private static PixelBuffer Row(LoadedModel model, ResolvedLayer layer, FeatureMaps maps, FeatureMapRequest request)
    {
        var columns = request.Columns ?? TileGrid.UsualColumns;
        var plan = new FeatureMapPlan(model, layer, new(0, Math.Min(columns, maps.Channels)), true, request.Scale ?? FeatureMapScale.Filter, request with { Columns = columns });
        return FeatureMapPicture.Draw(plan, maps);
    }
}
