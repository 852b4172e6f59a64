using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>Draws class images: a single one as it is, several as a labelled sheet. Small ones are enlarged smoothly.</summary>
internal static class ClassImage
{
    private const int Side = 176;

    /// <summary>A tile of this side is shown in its own pixels.</summary>
    private const int LargeSide = 128;
    private const int Columns = 4;

    /// <param name="plan">The plan of the tiles.</param>
    /// <param name="tiles">One a class, at least one.</param>
    /// <param name="figures">One a tile.</param>
    public static DrawnFigure Render(ClassImagePlan plan, IReadOnlyList<PatternTile> tiles, IReadOnlyList<ClassImageFigures> figures) =>
        new(plan.IsSheet ? Sheet(plan, tiles, figures) : Alone(plan, tiles[0], figures[0]), Text(plan.Model, figures), plan.ETag);

    private static Figure Alone(ClassImagePlan plan, PatternTile tile, ClassImageFigures figures) => new()
    {
        Title = $"What {LayerWords.Name(plan.Model)} takes for {figures.Class}",
        Description = $"The input that maximizes the class: {Worth(figures)}.",
        Names = plan.Model.Manifest.Classes,
        IsBare = true,
        Content = new ImageBlock(tile.Image, tile.Image.Width, tile.Image.Height, IsSmooth: true),
    };

    private static Figure Sheet(ClassImagePlan plan, IReadOnlyList<PatternTile> tiles, IReadOnlyList<ClassImageFigures> figures)
    {
        var (shown, all) = (figures.Count, plan.Model.Manifest.Classes.Count);
        var classes = shown == all ? $"all {ContentKey.Text(all)} classes" : $"{ContentKey.Text(shown)} of {ContentKey.Text(all)} classes";
        return new()
        {
            Title = $"What {LayerWords.Name(plan.Model)} takes for each class",
            Subtitle = $"The inputs that maximize {classes}, found by {ContentKey.Text(figures[0].Iterations)} steps of gradient ascent, "
                + $"seed {ContentKey.Text(figures[0].Seed)}.",
            Notes =
            [
                "p: probability that the network gives the class for this image; a weakly trained network shows texture, not objects.",
            ],
            Description = string.Join("; ", figures.Take(10).Select(one => $"{one.Class}: {Worth(one)}")),
            Names = plan.Model.Manifest.Classes,
            Content = new Tiles(
                [.. tiles.Zip(figures, (tile, one) =>
                {
                    var isLarge = Math.Max(tile.Image.Width, tile.Image.Height) >= LargeSide;
                    var block = ImageBlock.AtLeast(tile.Image, isLarge ? LargeSide : Side, isSmooth: true);
                    return Tile.Create(block, block.Width, (one.Class, Typography.Caption), (Worth(one), Typography.Small));
                })],
                Columns, 14),
        };
    }

    private static string Worth(ClassImageFigures figures) => figures is { Probability: { } probability, Logit: { } logit }
        ? $"p {probability.ToString("0.00", CultureInfo.InvariantCulture)}, logit {(logit > 0 ? "+" : "")}{AxisTicks.Short(logit)}"
        : $"{ContentKey.Text(figures.Size)} pixels, not the network's input size: not measured";

    private static List<KeyValuePair<string, string>> Text(LoadedModel model, IReadOnlyList<ClassImageFigures> figures) =>
    [
        PngText.Create("model", LayerWords.Name(model)),
        PngText.Create("figures", JsonSerializer.Serialize(figures, CoreJson.Options)),
    ];
}
