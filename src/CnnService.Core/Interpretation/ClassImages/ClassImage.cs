using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>Draws class images: a single tile as it is, several as a labelled sheet.</summary>
internal static class ClassImage
{
    private const int MinLetters = 3;

    /// <param name="plan">The plan of the tiles.</param>
    /// <param name="tiles">One a class, at least one.</param>
    /// <param name="figures">One a tile.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static RenderedImage Render(
        ClassImagePlan plan, IReadOnlyList<PatternTile> tiles, IReadOnlyList<ClassImageFigures> figures, IPngEncoder encoder)
    {
        var image = plan.IsSheet ? TileGrid.Compose($"{Name(plan.Model)} classes", [.. tiles.Zip(figures, Labelled)]) : tiles[0].Image;
        return new(encoder.Encode(image, Text(plan.Model, figures)), plan.ETag);
    }

    private static GridTile Labelled(PatternTile tile, ClassImageFigures figures) =>
        new(tile.Image, Label(figures), PlotText.Truncate(figures.Class, Math.Max(MinLetters, tile.Image.Width / BitmapFont.Advance)));

    private static string Label(ClassImageFigures figures) => figures.Probability is { } probability
        ? $"{figures.Class} p {probability:F2} logit {figures.Logit:+0.0;-0.0}"
        : figures.Class;

    private static List<KeyValuePair<string, string>> Text(LoadedModel model, IReadOnlyList<ClassImageFigures> figures) =>
    [
        PngText.Create("model", Name(model)),
        PngText.Create("figures", JsonSerializer.Serialize(figures, CoreJson.Options)),
    ];

    private static string Name(LoadedModel model) => $"{model.Name}:{ContentKey.Text(model.Version)}";
}
