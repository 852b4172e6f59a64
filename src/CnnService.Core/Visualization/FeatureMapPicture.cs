using CnnService.Core.Common;

namespace CnnService.Core.Visualization;

/// <summary>Finishes feature maps: one alone, several as a grid of the same tiles. Small maps are enlarged.</summary>
internal static class FeatureMapPicture
{
    public static RenderedPicture Of(FeatureMapPlan plan, FeatureMaps maps, string tag, IPngEncoder encoder)
    {
        int[] silent = [.. plan.Range.Filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))];
        var text = PictureText.Source(plan.Model, plan.Layer.Name, plan.Range);
        text.Add(PictureText.Of("silent", string.Join(',', silent.Select(filter => PictureKey.Text(filter)))));
        var picture = plan.IsGrid ? Grid(plan, maps) : Tile(plan, maps, plan.Range.First);
        return new(encoder.Encode(picture, text), tag, []) { SilentFilters = silent };
    }

    private static PixelBuffer Grid(FeatureMapPlan plan, FeatureMaps maps) => TileGrid.Compose(
        GridTitle.Of(plan.Model, plan.Layer),
        [.. plan.Range.Filters.Select(filter => GridTitle.Tile(plan.Layer, filter, Tile(plan, maps, filter)))]);

    private static PixelBuffer Tile(FeatureMapPlan plan, FeatureMaps maps, int filter)
    {
        var values = FeatureMapScaling.Apply(maps, filter, plan.Scale);
        return PictureScaling.Enlarge(
            Colormap.Of(plan.Colors).Paint(values, maps.Width, maps.Height), PictureScaling.UsualFactor(maps.Width, maps.Height));
    }
}
