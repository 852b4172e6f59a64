using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>Draws patterns: a single one as it is, several as a labelled grid. Small ones are enlarged smoothly.</summary>
internal static class PatternImage
{
    private const int Side = 144;

    /// <summary>A tile of this side is shown in its own pixels.</summary>
    private const int LargeSide = 128;
    private const int Columns = 8;

    /// <summary>Larger tiles stand in fewer columns, so that a grid stays about as wide as a screen.</summary>
    private const int MaxWidth = 1400;

    public static RenderedPatterns Render(PatternJob job, IReadOnlyList<PatternTile> tiles) =>
        Render(job, tiles, [.. tiles.Select(tile => tile.Figures)], job.ETag);

    /// <param name="job">The job of the tiles.</param>
    /// <param name="tiles">At least one.</param>
    /// <param name="figures">One a tile.</param>
    /// <param name="tag">Tag of what is drawn.</param>
    public static RenderedPatterns Render(
        PatternJob job, IReadOnlyList<PatternTile> tiles, IReadOnlyList<PatternFigures> figures, string tag)
    {
        var text = PngText.Source(job.Model, job.Layer.Name, job.Range);
        if (job.IsSheet)
        {
            text.Add(PatternText.Describe(figures));
            return new(Grid(job, tiles, figures), text, tag, figures);
        }

        text.AddRange(PatternText.Describe(figures[0]));
        return new(Alone(job, tiles[0], figures[0]), text, tag, figures);
    }

    private static Figure Alone(PatternJob job, PatternTile tile, PatternFigures figures)
    {
        var title = $"{LayerWords.Name(job.Model)}, {job.Layer.Name}, filter {ContentKey.Text(figures.Filter)}";
        return new()
        {
            Title = title,
            Description = $"The input that this filter responds to most: {Worth(figures)}.",
            IsBare = true,
            Content = CreateBlock(tile, figures, tile.Image.Width, tile.Image.Height),
        };
    }

    private static Figure Grid(PatternJob job, IReadOnlyList<PatternTile> tiles, IReadOnlyList<PatternFigures> figures)
    {
        var longer = Math.Max(tiles[0].Image.Width, tiles[0].Image.Height);
        var factor = longer >= LargeSide ? 1 : (double)Side / longer;
        var (width, height) = (Math.Round(tiles[0].Image.Width * factor), Math.Round(tiles[0].Image.Height * factor));
        var dead = figures.Count(known => known.Status == PatternStatus.Dead);
        var isCompared = figures.Any(known => known.Z is not null);
        return new()
        {
            Title = $"What {LayerWords.Range(job.Layer, job.Range)} of {job.Layer.Name} look for",
            Subtitle = $"{LayerWords.Write(job.Model, job.Layer)}. {ContentKey.Text(job.Iterations)} steps of gradient ascent, seed "
                + $"{ContentKey.Text(job.Request.Seed)}.",
            Description = $"The inputs that {ContentKey.Text(job.Range.Count)} filters respond to most; {ContentKey.Text(dead)} of them "
                + "dead.",
            Notes = [isCompared
                ? "z: standard deviations between the filter's mean activation for this pattern and that for real images."
                : "Below each: the filter's mean activation for it, and the most that images of noise reach."],
            Content = new Tiles(
                [.. tiles.Zip(figures, (tile, known) => Tile.Create(
                    CreateBlock(tile, known, width, height), width, (Name(known), Typography.Caption), (Worth(known), Typography.Small)))],
                Math.Clamp((int)(MaxWidth / (width + 10)), 1, Columns)),
        };
    }

    /// <summary>A dead filter has no pattern to show: what stands there would be the noise that the ascent began with.</summary>
    private static ImageBlock CreateBlock(PatternTile tile, PatternFigures figures, double width, double height) =>
        figures.Status == PatternStatus.Dead
            ? new(null, width, height, false) { Says = "dead: no image excites it" }
            : new(tile.Image, width, height, IsSmooth: true);

    private static string Name(PatternFigures figures) => $"filter {ContentKey.Text(figures.Filter)}"
        + (figures.Variant == 0 ? "" : $", variant {ContentKey.Text(figures.Variant)}");

    private static string Worth(PatternFigures figures) => figures.Status == PatternStatus.Dead ? "dead"
        : (figures.Z is { } z
            ? $"z {z.ToString("0.0", CultureInfo.InvariantCulture)}"
            : $"{AxisTicks.Short(figures.Activation)}, noise {AxisTicks.Short(figures.NoiseActivation)}")
        + (figures.Status == PatternStatus.Weak ? ", weak" : "");
}
