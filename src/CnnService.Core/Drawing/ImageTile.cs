using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Draws an image centred in a square tile, with lines of text below.</summary>
internal static class ImageTile
{
    private const int LineHeight = BitmapFont.Height + 3;

    private static readonly Color Background = Color.FromRgb(0x1B2127);
    private static readonly Color TextBackground = Color.FromRgb(0x101418);
    private static readonly Color Missing = Color.FromRgb(0x8FD19E);

    /// <param name="side">Of the square, pixels.</param>
    /// <param name="image">At most <paramref name="side"/> wide and high; null where its file is missing.</param>
    /// <param name="lines">Each with its colour; truncated to the tile's width.</param>
    public static PixelBuffer Draw(int side, PixelBuffer? image, params ReadOnlySpan<(string Text, Color Color)> lines)
    {
        var canvas = new Canvas(side, side + (lines.Length * LineHeight), Background);
        if (image is null)
        {
            const string gone = "image is gone";
            canvas.DrawText(gone, (side - BitmapFont.Width(gone)) / 2, side / 2, Missing);
        }
        else
        {
            canvas.DrawImage(image, (side - image.Width) / 2, (side - image.Height) / 2);
        }

        canvas.Fill(0, side, side, lines.Length * LineHeight, TextBackground);
        for (var i = 0; i < lines.Length; i++)
        {
            canvas.DrawText(PlotText.Truncate(lines[i].Text, (side + 1) / BitmapFont.Advance), 0, side + (i * LineHeight) + 2,
                lines[i].Color);
        }

        return canvas.Image;
    }
}
