using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Training.Comparing;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of images that two versions classify differently, with the true class and both predictions.</summary>
public static class DisagreementSheet
{
    private const int Columns = 4;
    private const int Letters = (MistakeSheet.Side + 1) / BitmapFont.Advance;

    private static readonly Color TrueColor = Color.Of(0x8FD19E);
    private static readonly Color Right = Color.Of(0xAEBAC4);
    private static readonly Color Wrong = Color.Of(0xE8A87C);

    /// <param name="title">One line.</param>
    /// <param name="disagreements">At least one.</param>
    /// <param name="pictures">One each, with their aspect ratio, at most <see cref="MistakeSheet.Side"/> wide and high; null where the file
    /// is missing.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Disagreement> disagreements, IReadOnlyList<PixelBuffer?> pictures)
    {
        ArgumentNullException.ThrowIfNull(disagreements);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pictures.Count, disagreements.Count);
        return TileGrid.Compose(title, [.. disagreements.Zip(pictures, Tile)], Columns);
    }

    private static GridTile Tile(Disagreement one, PixelBuffer? picture) => new(
        PictureTile.Draw(
            MistakeSheet.Side,
            picture,
            ($"is {one.TrueClass}", TrueColor),
            (Said("a", one.A, one.AProbability), one.A == one.TrueClass ? Right : Wrong),
            (Said("b", one.B, one.BProbability), one.B == one.TrueClass ? Right : Wrong)),
        string.Empty,
        string.Empty);

    private static string Said(string who, string name, double probability)
    {
        var sure = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(probability * 1000) / 10:F1}%");
        return PlotText.Fit($"{who}: {name}", Letters - sure.Length) + sure;
    }
}
