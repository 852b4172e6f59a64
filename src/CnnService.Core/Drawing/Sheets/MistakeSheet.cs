using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of misclassified images, the most confident first, with the true and the predicted class.</summary>
public static class MistakeSheet
{
    /// <summary>Side of a tile, pixels.</summary>
    public const int Side = 144;

    private const int Columns = 4;
    private const int Letters = (Side + 1) / BitmapFont.Advance;

    private static readonly Color TrueColor = Color.Of(0x8FD19E);

    /// <param name="title">One line.</param>
    /// <param name="mistakes">At least one.</param>
    /// <param name="pictures">One each, with their aspect ratio, at most <see cref="Side"/> wide and high; null where the file is
    /// missing.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Mistake> mistakes, IReadOnlyList<PixelBuffer?> pictures)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pictures.Count, mistakes.Count);
        return TileGrid.Compose(title, [.. mistakes.Zip(pictures, Tile)], Columns);
    }

    private static GridTile Tile(Mistake mistake, PixelBuffer? picture)
    {
        var sure = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(mistake.Probability * 1000) / 10:F1}%");
        var said = PlotText.Fit($"taken for {mistake.PredictedClass}", Letters - sure.Length) + sure;
        return new(PictureTile.Draw(Side, picture, ($"is {mistake.TrueClass}", TrueColor)), said, said);
    }
}
