using System.Globalization;
using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// Draws the box that a cell sees over a picture: what lies outside is dimmed, a cross marks the cell's centre. Where it was measured how much each pixel
/// moves the cell, that is laid over it.
/// </summary>
public static class ReceptiveFieldPicture
{
    private const int UsualSide = 512;
    private const int Padding = 12;
    private const int LineHeight = (2 * BitmapFont.Height) + 6;
    private const int Squares = 8;
    private const double Dimmed = 0.55;
    private const double Opacity = 0.7;

    private static readonly Color Ground = Color.Of(0x101418);
    private static readonly Color Ink = Color.Of(0xF2F5F7);
    private static readonly Color Frame = Color.Of(0xF0E442);
    private static readonly Color[] Checks = [Color.Of(0x9AA4AD), Color.Of(0xB4BDC6)];

    /// <summary>Names the picture, hex.</summary>
    /// <param name="model">The version.</param>
    /// <param name="figures">What is drawn.</param>
    /// <param name="picture">What it is drawn over, if anything.</param>
    public static string Tag(LoadedModel model, ReceptiveFieldFigures figures, PixelBuffer? picture)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return PictureKey.Of(
            "receptive-field", PictureKey.Content(model), figures.Model, PictureKey.Text(figures.Version), figures.Layer,
            string.Join(',', figures.Cell.Select(place => PictureKey.Text(place))),
            picture is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(picture.Data)),
            figures.Effective is null ? "box" : "effective");
    }

    /// <param name="figures">What to draw.</param>
    /// <param name="picture">At the network's size; null: a grey one, checkered.</param>
    public static PixelBuffer Draw(ReceptiveFieldFigures figures, PixelBuffer? picture)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var plain = picture ?? Checkered(figures.Picture[1], figures.Picture[0]);
        var under = figures.Effective is { } effective ? Weighed(plain, effective) : plain;
        var factor = Math.Max(1, UsualSide / Math.Max(under.Width, under.Height));
        string[] lines = [.. Lines(figures)];
        var width = Math.Max(under.Width * factor, lines.Max(BitmapFont.Width) * 2) + (2 * Padding);
        var canvas = new Canvas(width, (lines.Length * LineHeight) + (under.Height * factor) + (2 * Padding), Ground);
        for (var i = 0; i < lines.Length; i++)
        {
            canvas.Write(lines[i], Padding, Padding + (i * LineHeight), Ink, 2);
        }

        var (left, top) = ((width - (under.Width * factor)) / 2, Padding + (lines.Length * LineHeight));
        canvas.Place(PictureScaling.Enlarge(under, factor), left, top);
        Dim(canvas, new(left, top, under.Width * factor, under.Height * factor), figures.Inside, factor);
        Outline(canvas, figures, left, top, factor);
        return canvas.Picture;
    }

    private static IEnumerable<string> Lines(ReceptiveFieldFigures figures)
    {
        yield return $"{figures.Model}:{PictureKey.Text(figures.Version)} {figures.Layer}, cell {Pair(figures.Cell, ",")} of {Pair(figures.Map)}";
        yield return figures.IsWholePicture
            ? $"sees the whole picture, {Pair(figures.Size)} px"
            : string.Create(CultureInfo.InvariantCulture, $"sees {Pair(figures.Size)} px, jump {Pair(figures.Jump!)}, start {figures.Start![0]:0.#},{figures.Start[1]:0.#}; {100 * figures.ShareInside:0}% of it inside");
        if (figures.Effective is { } effective)
        {
            yield return $"95% of what moves it: {Pair(effective.Size)} px";
        }
    }

    /// <summary>Square roots, since most of the weight lies on few pixels.</summary>
    private static PixelBuffer Weighed(PixelBuffer picture, EffectiveField effective)
    {
        var most = Math.Max(effective.Weights.Max(), 1e-12f);
        var heat = Colormap.Inferno.Paint([.. effective.Weights.Select(weight => (byte)Math.Round(byte.MaxValue * Math.Sqrt(weight / most)))], picture.Width, picture.Height);
        return Canvas.Over(picture, heat, Opacity);
    }

    private static string Pair(IReadOnlyList<int> pair, string between = "x") => $"{PictureKey.Text(pair[0])}{between}{PictureKey.Text(pair[1])}";

    private static PixelBuffer Checkered(int width, int height)
    {
        var side = Math.Max(1, Math.Max(width, height) / Squares / 2);
        var canvas = new Canvas(width, height, Checks[0]);
        for (var y = 0; y < height; y += side)
        {
            for (var x = 0; x < width; x += side)
            {
                canvas.Fill(x, y, side, side, Checks[((x / side) + (y / side)) % 2]);
            }
        }

        return canvas.Picture;
    }

    private static void Dim(Canvas canvas, Box picture, FieldBox inside, int factor)
    {
        for (var y = picture.Top; y < picture.Bottom; y++)
        {
            for (var x = picture.Left; x < picture.Right; x++)
            {
                var (column, row) = ((x - picture.Left) / factor, (y - picture.Top) / factor);
                var isSeen = column >= inside.Left && column < inside.Left + inside.Width && row >= inside.Top && row < inside.Top + inside.Height;
                canvas.Blend(x, y, Ground, isSeen ? 0 : Dimmed);
            }
        }
    }

    /// <summary>A frame along the part inside, but not where the box goes on beyond the picture; the cross where the whole box has its centre.</summary>
    private static void Outline(Canvas canvas, ReceptiveFieldFigures figures, int left, int top, int factor)
    {
        var (box, inside) = (figures.Box, figures.Inside);
        var (x, y) = (left + (inside.Left * factor), top + (inside.Top * factor));
        var (width, height) = (inside.Width * factor, inside.Height * factor);
        if (width == 0 || height == 0)
        {
            return;
        }

        canvas.Fill(x, y, box.Left == inside.Left ? 2 : 0, height, Frame);
        canvas.Fill(x, y, width, box.Top == inside.Top ? 2 : 0, Frame);
        canvas.Fill(x + width - 2, y, box.Left + box.Width == inside.Left + inside.Width ? 2 : 0, height, Frame);
        canvas.Fill(x, y + height - 2, width, box.Top + box.Height == inside.Top + inside.Height ? 2 : 0, Frame);
        var (middleX, middleY) = (left + (int)((box.Left + (box.Width / 2.0)) * factor), top + (int)((box.Top + (box.Height / 2.0)) * factor));
        if (middleX >= left && middleY >= top)
        {
            canvas.Fill(middleX - 5, middleY, 11, 1, Frame);
            canvas.Fill(middleX, middleY - 5, 1, 11, Frame);
        }
    }
}
