using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of misclassified images, the most confident first, with the true and the predicted class.</summary>
public static class MistakeSheet
{
    /// <summary>Side of a tile, pixels.</summary>
    public const int Side = 144;

    private const int Columns = 4;
    private const int Letters = (Side + 1) / BitmapFont.Advance;

    private static readonly Color TrueColor = Color.FromRgb(0x8FD19E);

    /// <param name="title">One line.</param>
    /// <param name="mistakes">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="Side"/> wide and high; null where the file
    /// is missing.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Mistake> mistakes, IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, mistakes.Count);
        return TileGrid.Compose(title, [.. mistakes.Zip(images, Tile)], Columns);
    }

    private static GridTile Tile(Mistake mistake, PixelBuffer? image)
    {
        var sure = $" {Math.Floor(mistake.Probability * 1000) / 10:F1}%";
        var said = PlotText.Truncate($"taken for {mistake.PredictedClass}", Letters - sure.Length) + sure;
        return new(ImageTile.Draw(Side, image, ($"is {mistake.TrueClass}", TrueColor)), said, said);
    }
}
