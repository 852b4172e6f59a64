using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Visualization;

/// <summary>A grid of pictures that a network got wrong, the surest first: what each is, and what it was taken for.</summary>
public static class MistakeSheet
{
    /// <summary>Side of a picture, pixels.</summary>
    public const int Side = 144;

    private const int Columns = 4;
    private const int Letters = (Side + 1) / BitmapFont.Advance;
    private const int Strip = BitmapFont.Height + 3;

    private static readonly Color Ground = Color.Of(0x1B2127);
    private static readonly Color Strips = Color.Of(0x101418);
    private static readonly Color TrueColor = Color.Of(0x8FD19E);

    /// <param name="title">One line.</param>
    /// <param name="mistakes">At least one.</param>
    /// <param name="pictures">One each, in their own proportions and at most <see cref="Side"/> wide and high; null where it is gone.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<Mistake> mistakes, IReadOnlyList<PixelBuffer?> pictures)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pictures.Count, mistakes.Count);
        return TileGrid.Compose(title, [.. mistakes.Zip(pictures, Tile)], Columns);
    }

    private static GridTile Tile(Mistake mistake, PixelBuffer? picture)
    {
        var canvas = new Canvas(Side, Side + Strip, Ground);
        if (picture is null)
        {
            const string gone = "picture is gone";
            canvas.Write(gone, (Side - BitmapFont.Width(gone)) / 2, Side / 2, TrueColor);
        }
        else
        {
            canvas.Place(picture, (Side - picture.Width) / 2, (Side - picture.Height) / 2);
        }

        canvas.Fill(0, Side, Side, Strip, Strips);
        canvas.Write(PlotText.Fit($"is {mistake.TrueClass}", Letters), 0, Side + 2, TrueColor);
        var sure = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(mistake.Probability * 1000) / 10:F1}%");
        var said = PlotText.Fit($"taken for {mistake.PredictedClass}", Letters - sure.Length) + sure;
        return new(canvas.Picture, said, said);
    }
}
