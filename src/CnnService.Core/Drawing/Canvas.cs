using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>An RGB image to draw on. Drawing outside of it is clipped, except in <see cref="DrawImage"/>. Not thread safe.</summary>
internal sealed class Canvas
{
    private const int Channels = 3;

    public Canvas(int width, int height, Color background)
    {
        Image = new PixelBuffer(width, height, Channels);
        Fill(0, 0, width, height, background);
    }

    public PixelBuffer Image { get; }

    /// <summary>Blends an image over another of the same size: <c>(1-opacity) under + opacity over</c>; the result is RGB.</summary>
    /// <param name="under">Grey or RGB.</param>
    /// <param name="over">RGB.</param>
    /// <param name="opacity">0 to 1.</param>
    public static PixelBuffer Overlay(PixelBuffer under, PixelBuffer over, double opacity)
    {
        var result = new PixelBuffer(under.Width, under.Height, Channels);
        for (var i = 0; i < result.Data.Length; i++)
        {
            var below = under.Data[under.Channels == 1 ? i / Channels : i];
            result.Data[i] = (byte)Math.Round(((1 - opacity) * below) + (opacity * over.Data[i]), MidpointRounding.AwayFromZero);
        }

        return result;
    }

    public void Fill(int left, int top, int width, int height, Color color)
    {
        for (var y = Math.Max(top, 0); y < Math.Min(top + height, Image.Height); y++)
        {
            for (var x = Math.Max(left, 0); x < Math.Min(left + width, Image.Width); x++)
            {
                Set(x, y, color);
            }
        }
    }

    /// <summary>Blends a colour over one pixel.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">The colour to blend.</param>
    /// <param name="opacity">0 (no effect) to 1 (opaque).</param>
    public void Blend(int x, int y, Color color, double opacity)
    {
        if (x < 0 || y < 0 || x >= Image.Width || y >= Image.Height || opacity <= 0)
        {
            return;
        }

        var under = Image.Pixel(x, y);
        byte Mix(byte below, byte above) => (byte)Math.Round(below + ((above - below) * Math.Min(opacity, 1)));
        Set(x, y, new(Mix(under[0], color.Red), Mix(under[1], color.Green), Mix(under[2], color.Blue)));
    }

    /// <summary>Copies a grey or RGB image, which must lie within the canvas.</summary>
    public void DrawImage(PixelBuffer image, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var pixel = image.Pixel(x, y);
                Set(left + x, top + y, image.Channels == 1 ? new(pixel[0], pixel[0], pixel[0]) : new(pixel[0], pixel[1], pixel[2]));
            }
        }
    }

    /// <param name="text">Characters that the font lacks are drawn as boxes.</param>
    /// <param name="left">Left edge of the first character, pixels.</param>
    /// <param name="top">Upper edge of its cell, pixels.</param>
    /// <param name="color">Text colour.</param>
    /// <param name="scale">Pixels per font pixel, at least 1.</param>
    public void DrawText(string text, int left, int top, Color color, int scale = 1)
    {
        foreach (var (x, y) in BitmapFont.Pixels(text))
        {
            Fill(left + (x * scale), top + (y * scale), scale, scale, color);
        }
    }

    /// <summary>Writes from bottom to top, the text rotated by 90° counterclockwise.</summary>
    /// <param name="text">As in <see cref="DrawText"/>.</param>
    /// <param name="left">Left edge of the rotated line, which is the letters' upper edge.</param>
    /// <param name="bottom">Where the first letter begins.</param>
    /// <param name="color">Text colour.</param>
    /// <param name="scale">As in <see cref="DrawText"/>.</param>
    public void DrawTextUpwards(string text, int left, int bottom, Color color, int scale = 1)
    {
        foreach (var (x, y) in BitmapFont.Pixels(text))
        {
            Fill(left + (y * scale), bottom - ((x + 1) * scale), scale, scale, color);
        }
    }

    private void Set(int x, int y, Color color)
    {
        var start = ((y * Image.Width) + x) * Channels;
        Image.Data[start] = color.Red;
        Image.Data[start + 1] = color.Green;
        Image.Data[start + 2] = color.Blue;
    }
}
