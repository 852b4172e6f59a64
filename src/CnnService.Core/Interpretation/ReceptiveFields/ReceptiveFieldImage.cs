using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// Draws the receptive field of a cell over an image: the rest is dimmed, a cross marks the centre. A measured effective receptive field is
/// drawn as a heat map.
/// </summary>
public static class ReceptiveFieldImage
{
    private const int DefaultSide = 512;
    private const int Padding = 12;
    private const int LineHeight = (2 * BitmapFont.Height) + 6;
    private const int Squares = 8;
    private const double Dimmed = 0.55;
    private const double Opacity = 0.7;

    private static readonly Color Ground = Color.FromRgb(0x101418);
    private static readonly Color Ink = Color.FromRgb(0xF2F5F7);
    private static readonly Color Frame = Color.FromRgb(0xF0E442);
    private static readonly Color[] Checks = [Color.FromRgb(0x9AA4AD), Color.FromRgb(0xB4BDC6)];

    /// <summary>Entity tag of the image, hex.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="figures">The receptive field to draw.</param>
    /// <param name="image">The image to draw over; null for a checkerboard.</param>
    public static string Tag(LoadedModel model, ReceptiveFieldFigures figures, PixelBuffer? image)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return ContentKey.Create(
            "receptive-field", ContentKey.Content(model), figures.Model, ContentKey.Text(figures.Version), figures.Layer,
            string.Join(',', figures.Cell.Select(place => ContentKey.Text(place))),
            image is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(image.Data)),
            figures.Effective is null ? "box" : "effective");
    }

    /// <param name="figures">The receptive field to draw.</param>
    /// <param name="image">An image at the network's input size; null for a grey checkerboard.</param>
    public static PixelBuffer Draw(ReceptiveFieldFigures figures, PixelBuffer? image)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var plain = image ?? Checkered(figures.Image[1], figures.Image[0]);
        var under = figures.Effective is { } effective ? Weighed(plain, effective) : plain;
        var factor = Math.Max(1, DefaultSide / Math.Max(under.Width, under.Height));
        string[] lines = [.. Lines(figures)];
        var width = Math.Max(under.Width * factor, lines.Max(BitmapFont.Width) * 2) + (2 * Padding);
        var canvas = new Canvas(width, (lines.Length * LineHeight) + (under.Height * factor) + (2 * Padding), Ground);
        for (var i = 0; i < lines.Length; i++)
        {
            canvas.DrawText(lines[i], Padding, Padding + (i * LineHeight), Ink, 2);
        }

        var (left, top) = ((width - (under.Width * factor)) / 2, Padding + (lines.Length * LineHeight));
        canvas.DrawImage(ImageScaling.Enlarge(under, factor), left, top);
        Dim(canvas, new(left, top, under.Width * factor, under.Height * factor), figures.Inside, factor);
        Outline(canvas, figures, left, top, factor);
        return canvas.Image;
    }

    private static IEnumerable<string> Lines(ReceptiveFieldFigures figures)
    {
        yield return $"{figures.Model}:{ContentKey.Text(figures.Version)} {figures.Layer}, cell "
            + $"{Pair(figures.Cell, ",")} of {Pair(figures.Map)}";
        yield return figures.IsWholeImage
            ? $"sees the whole image, {Pair(figures.Size)} px"
            : $"sees {Pair(figures.Size)} px, jump {Pair(figures.Jump!)}, start {figures.Start![0]:0.#},{figures.Start[1]:0.#}; "
                + $"{100 * figures.ShareInside:0}% of it inside";
        if (figures.Effective is { } effective)
        {
            yield return $"95% of what moves it: {Pair(effective.Size)} px";
        }
    }

    /// <summary>Draws square roots of the weights, since a few pixels have most of the weight.</summary>
    private static PixelBuffer Weighed(PixelBuffer image, EffectiveField effective)
    {
        var largest = Math.Max(effective.Weights.Max(), 1e-12f);
        var heat = Colormap.Inferno.Apply(
            [.. effective.Weights.Select(weight => (byte)Math.Round(byte.MaxValue * Math.Sqrt(weight / largest)))],
            image.Width,
            image.Height);
        return Canvas.Overlay(image, heat, Opacity);
    }

    private static string Pair(IReadOnlyList<int> pair, string between = "x") =>
        $"{ContentKey.Text(pair[0])}{between}{ContentKey.Text(pair[1])}";

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

        return canvas.Image;
    }

    private static void Dim(Canvas canvas, Box image, FieldBox inside, int factor)
    {
        for (var y = image.Top; y < image.Bottom; y++)
        {
            for (var x = image.Left; x < image.Right; x++)
            {
                var (column, row) = ((x - image.Left) / factor, (y - image.Top) / factor);
                var isSeen = column >= inside.Left && column < inside.Left + inside.Width && row >= inside.Top
                    && row < inside.Top + inside.Height;
                canvas.Blend(x, y, Ground, isSeen ? 0 : Dimmed);
            }
        }
    }

    /// <summary>Outlines the box except where it extends beyond the image, and marks the centre of the whole box.</summary>
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
        var (middleX, middleY) = (left + (int)((box.Left + (box.Width / 2.0)) * factor),
            top + (int)((box.Top + (box.Height / 2.0)) * factor));
        if (middleX >= left && middleY >= top)
        {
            canvas.Fill(middleX - 5, middleY, 11, 1, Frame);
            canvas.Fill(middleX, middleY - 5, 1, 11, Frame);
        }
    }
}
