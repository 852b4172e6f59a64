using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Composes a sheet of misclassified images, each beside its explanation.</summary>
public static class ExplainedMistakes
{
    /// <summary>Side of an image in pixels.</summary>
    public const int Side = 160;

    private const int Gap = 4;
    private const int Columns = 3;

    private static readonly Color Background = Color.FromRgb(0x101418);

    /// <param name="title">A single line.</param>
    /// <param name="mistakes">The misclassified images, at least one.</param>
    /// <param name="tiles">One a mistake; null if the image no longer exists.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Mistake> mistakes, IReadOnlyList<ExplainedTile?> tiles)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tiles.Count, mistakes.Count);
        return TileGrid.Compose(title, [.. mistakes.Zip(tiles, Tile)], Columns);
    }

    private static GridTile Tile(Mistake mistake, ExplainedTile? tile)
    {
        var canvas = new Canvas((2 * Side) + Gap, Side, Background);
        canvas.DrawImage(ImageTile.Draw(Side, tile?.Image), 0, 0);
        canvas.DrawImage(ImageTile.Draw(Side, tile?.Overlay), Side + Gap, 0);
        var text = $"is {mistake.TrueClass} ({mistake.TrueProbability:P1}), taken for {mistake.PredictedClass} ({mistake.Probability:P1})";
        var label = PlotText.Truncate(text, ((2 * Side) + Gap + 1) / BitmapFont.Advance);
        return new(canvas.Image, label, label);
    }
}
