using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Draws an image centred in a square tile, with lines of text below.</summary>
internal static class PictureTile
{
    private const int Strip = BitmapFont.Height + 3;

    private static readonly Color Ground = Color.Of(0x1B2127);
    private static readonly Color Strips = Color.Of(0x101418);
    private static readonly Color Missing = Color.Of(0x8FD19E);

    /// <param name="side">Of the square, pixels.</param>
    /// <param name="picture">At most <paramref name="side"/> wide and high; null where its file is missing.</param>
    /// <param name="lines">Each with its colour; truncated to the tile's width.</param>
    public static PixelBuffer Draw(int side, PixelBuffer? picture, params ReadOnlySpan<(string Text, Color Color)> lines)
    {
        var canvas = new Canvas(side, side + (lines.Length * Strip), Ground);
        if (picture is null)
        {
            const string gone = "picture is gone";
            canvas.Write(gone, (side - BitmapFont.Width(gone)) / 2, side / 2, Missing);
        }
        else
        {
            canvas.Place(picture, (side - picture.Width) / 2, (side - picture.Height) / 2);
        }

        canvas.Fill(0, side, side, lines.Length * Strip, Strips);
        for (var i = 0; i < lines.Length; i++)
        {
            canvas.Write(PlotText.Fit(lines[i].Text, (side + 1) / BitmapFont.Advance), 0, side + (i * Strip) + 2, lines[i].Color);
        }

        return canvas.Picture;
    }
}
