using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// Draws the receptive field of a cell over an image: the rest is dimmed, a cross marks the centre. A measured effective receptive field is
/// drawn as a heat map.
/// </summary>
public static class ReceptiveFieldImage
{
    private const int Side = 512;
    private const int Squares = 16;
    private const double Dimmed = 0.62;
    private const double Opacity = 0.8;
    private const double Arm = 7;

    private static readonly Color Shade = Color.FromRgb(0x101418);
    private static readonly byte[] Checks = [0x9A, 0xB4];

    /// <summary>Tag of what is drawn, hex.</summary>
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
    /// <param name="tag">As <see cref="Tag"/> gives it.</param>
    public static DrawnFigure Draw(ReceptiveFieldFigures figures, PixelBuffer? image, string tag)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var plain = image ?? Checkered(figures.Image[1], figures.Image[0]);
        var under = figures.Effective is { } effective ? Weighed(plain, effective) : plain;
        var block = ImageBlock.AtLeast(under, Side, isSmooth: image is not null || figures.Effective is not null);
        var title = figures.IsWholeImage
            ? $"A value of {figures.Layer} sees the whole image"
            : $"A cell of {figures.Layer} sees {Pair(figures.Size)} of {Pair(figures.Image)} pixels";
        return new(
            new()
            {
                Title = title,
                Subtitle = $"{figures.Model}:{ContentKey.Text(figures.Version)}; row {ContentKey.Text(figures.Cell[0])}, column "
                    + $"{ContentKey.Text(figures.Cell[1])} of a map of {Pair(figures.Map)}.",
                Notes = [.. Notes(figures)],
                Description = $"{title}. {string.Join(" ", Notes(figures))}".TrimEnd(),
                Content = block with { Marks = [.. Marks(figures, block.Width / under.Width, block.Height / under.Height)] },
            },
            [PngText.Create("figures", JsonSerializer.Serialize(figures with { Effective = null }, CoreJson.Options))],
            tag);
    }

    private static IEnumerable<string> Notes(ReceptiveFieldFigures figures)
    {
        if (!figures.IsWholeImage)
        {
            yield return $"The cell beside it sees the same {figures.Jump![1]:0.#} pixels further on. "
                + (figures.ShareInside < 1
                    ? $"{100 * figures.ShareInside:0}% of what it sees lies in the image, the rest in the padding."
                    : "All that it sees lies in the image.");
        }

        if (figures.Effective is { } effective)
        {
            yield return $"Bright: what really moves it, measured; 95% of the influence comes from {Pair(effective.Size)} pixels.";
        }
    }

    /// <summary>Draws square roots of the weights, since a few pixels have most of the weight.</summary>
    private static PixelBuffer Weighed(PixelBuffer image, EffectiveField effective)
    {
        var largest = Math.Max(effective.Weights.Max(), 1e-12f);
        double[] shares = [.. effective.Weights.Select(weight => Math.Sqrt(weight / largest))];
        var heat = Colormap.Inferno.Apply([.. shares.Select(share => (byte)Math.Round(byte.MaxValue * share))], image.Width, image.Height);
        return Blending.Lay(image, heat, pixel => shares[pixel], Opacity);
    }

    private static string Pair(IReadOnlyList<int> pair) => $"{ContentKey.Text(pair[0])} × {ContentKey.Text(pair[1])}";

    private static PixelBuffer Checkered(int width, int height)
    {
        var side = Math.Max(1, Math.Max(width, height) / Squares);
        var image = new PixelBuffer(width, height, 1);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = Checks[((i % width / side) + (i / width / side)) % Checks.Length];
        }

        return image;
    }

    /// <summary>What is not seen is dimmed; the box has no line where it goes on beyond the image.</summary>
    private static IEnumerable<Shape> Marks(ReceptiveFieldFigures figures, double scaleX, double scaleY)
    {
        var (box, inside) = (figures.Box, figures.Inside);
        var (width, height) = (figures.Image[1] * scaleX, figures.Image[0] * scaleY);
        double left = inside.Left * scaleX, top = inside.Top * scaleY;
        double right = (inside.Left + inside.Width) * scaleX, bottom = (inside.Top + inside.Height) * scaleY;
        var shade = ((Paint)Shade).At(Dimmed);
        yield return new RectangleShape(0, 0, width, top, shade);
        yield return new RectangleShape(0, bottom, width, height - bottom, shade);
        yield return new RectangleShape(0, top, left, bottom - top, shade);
        yield return new RectangleShape(right, top, width - right, bottom - top, shade);
        if (inside.Width == 0 || inside.Height == 0)
        {
            yield break;
        }

        (bool IsThere, Point From, Point To)[] edges =
        [
            (box.Left == inside.Left, new(left, top), new(left, bottom)),
            (box.Top == inside.Top, new(left, top), new(right, top)),
            (box.Left + box.Width == inside.Left + inside.Width, new(right, top), new(right, bottom)),
            (box.Top + box.Height == inside.Top + inside.Height, new(left, bottom), new(right, bottom)),
        ];
        foreach (var (_, from, to) in edges.Where(edge => edge.IsThere))
        {
            yield return new PathShape([from, to], Ink.Frame, 2);
        }

        var (x, y) = ((box.Left + (box.Width / 2.0)) * scaleX, (box.Top + (box.Height / 2.0)) * scaleY);
        if (x >= 0 && y >= 0 && x <= width && y <= height)
        {
            yield return new PathShape([new(x - Arm, y), new(x + Arm, y)], Ink.Frame, 2);
            yield return new PathShape([new(x, y - Arm), new(x, y + Arm)], Ink.Frame, 2);
        }
    }
}
