using CnnService.Core.Common;
using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of images that two versions classify differently, with the true class and both predictions.</summary>
public static class DisagreementSheet
{
    private const int Columns = 4;
    private const int Letters = (MistakeSheet.Side + 1) / BitmapFont.Advance;

    private static readonly Color TrueColor = Color.FromRgb(0x8FD19E);
    private static readonly Color Right = Color.FromRgb(0xAEBAC4);
    private static readonly Color Wrong = Color.FromRgb(0xE8A87C);

    /// <param name="title">One line.</param>
    /// <param name="disagreements">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="MistakeSheet.Side"/> wide and high; null where the file
    /// is missing.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Disagreement> disagreements, IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(disagreements);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, disagreements.Count);
        return TileGrid.Compose(title, [.. disagreements.Zip(images, Tile)], Columns);
    }

    private static GridTile Tile(Disagreement one, PixelBuffer? image) => new(
        ImageTile.Draw(
            MistakeSheet.Side,
            image,
            ($"is {one.TrueClass}", TrueColor),
            (PredictionText("a", one.A, one.AProbability), one.A == one.TrueClass ? Right : Wrong),
            (PredictionText("b", one.B, one.BProbability), one.B == one.TrueClass ? Right : Wrong)),
        string.Empty,
        string.Empty);

    private static string PredictionText(string who, string name, double probability)
    {
        var sure = $" {Math.Floor(probability * 1000) / 10:F1}%";
        return PlotText.Truncate($"{who}: {name}", Letters - sure.Length) + sure;
    }
}
