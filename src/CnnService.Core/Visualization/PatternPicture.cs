namespace CnnService.Core.Visualization;

/// <summary>Finishes the tiles of patterns: one alone as it is, several as a grid.</summary>
internal static class PatternPicture
{
    public static RenderedPicture Of(PatternPlan plan, IReadOnlyList<PatternTile> tiles, IPngEncoder encoder)
    {
        PatternFigures[] figures = [.. tiles.Select(tile => PatternFigures.Of(tile, plan.Request.Seed))];
        var text = PictureText.Source(plan.Model, plan.Layer.Name, plan.Range);
        if (plan.IsGrid)
        {
            text.Add(PictureText.Figures(figures));
            return new(encoder.Encode(Grid(plan, tiles), text), plan.ETag, figures);
        }

        text.AddRange(PictureText.Figures(figures[0]));
        return new(encoder.Encode(Shown(tiles[0]), text), plan.ETag, figures);
    }

    private static Common.PixelBuffer Grid(PatternPlan plan, IReadOnlyList<PatternTile> tiles) => TileGrid.Compose(
        GridTitle.Of(plan.Model, plan.Layer),
        [.. tiles.Select(tile => Labelled(plan, tile))]);

    private static GridTile Labelled(PatternPlan plan, PatternTile tile)
    {
        var labelled = GridTitle.Tile(plan.Layer, tile.Filter, Shown(tile));
        return tile.Status == PatternStatus.Dead ? labelled with { Label = $"{labelled.ShortLabel} dead", ShortLabel = $"{labelled.ShortLabel} dead" } : labelled;
    }

    /// <summary>A dead one is hatched.</summary>
    public static Common.PixelBuffer Shown(PatternTile tile) =>
        tile.Status == PatternStatus.Dead ? DeadTile.Of(tile.Picture) : tile.Picture;
}
