using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>Draws patterns: a single tile as it is, several as a labelled grid.</summary>
internal static class PatternImage
{
    public static RenderedPatterns Render(PatternJob job, IReadOnlyList<PatternTile> tiles, IPngEncoder encoder) =>
        Render(job, tiles, [.. tiles.Select(tile => tile.Figures)], job.ETag, encoder);

    /// <param name="job">The job of the tiles.</param>
    /// <param name="tiles">At least one.</param>
    /// <param name="figures">One a tile.</param>
    /// <param name="tag">Entity tag of the image.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static RenderedPatterns Render(
        PatternJob job, IReadOnlyList<PatternTile> tiles, IReadOnlyList<PatternFigures> figures, string tag, IPngEncoder encoder)
    {
        var text = PngText.Source(job.Model, job.Layer.Name, job.Range);
        if (job.IsSheet)
        {
            text.Add(PatternText.Describe(figures));
            return new(encoder.Encode(Grid(job, tiles, figures), text), tag, figures);
        }

        text.AddRange(PatternText.Describe(figures[0]));
        return new(encoder.Encode(tiles[0].DisplayImage, text), tag, figures);
    }

    private static PixelBuffer Grid(PatternJob job, IReadOnlyList<PatternTile> tiles, IReadOnlyList<PatternFigures> figures) =>
        TileGrid.Compose(
        GridTitle.Write(job.Model, job.Layer),
        [.. tiles.Zip(figures, (tile, known) => Labelled(job, tile, known))]);

    private static GridTile Labelled(PatternJob job, PatternTile tile, PatternFigures figures)
    {
        var labelled = GridTitle.Tile(job.Layer, figures.Filter, tile.DisplayImage);
        var variant = figures.Variant == 0 ? "" : $" variant {ContentKey.Text(figures.Variant)}";
        var worth = figures.Status == PatternStatus.Dead ? " dead"
            : figures.Z is { } z ? $" z {z:F1}"
            : "";
        return labelled with
        {
            Label = $"{labelled.Label}{variant}{worth}",
            ShortLabel = $"{labelled.ShortLabel}{(variant.Length > 0 ? $"/{ContentKey.Text(figures.Variant)}" : "")}{worth}"
        };
    }
}
