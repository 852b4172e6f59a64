using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>A receptive field of an image in a frame, with its surroundings; what lies outside of the image is left empty.</summary>
/// <param name="Image">Grey or RGB.</param>
/// <param name="Field">The receptive field, which may extend beyond the image.</param>
/// <param name="Side">Of the tile.</param>
internal sealed record ExampleBlock(PixelBuffer Image, FieldBox Field, double Side) : Block
{
    private const double Surround = 0.25;

    public override Extent Measure(Lettering lettering) => new(Side, Side);

    public override void Draw(Sketch sketch, double x, double y)
    {
        var wider = Larger();
        var (cut, inside) = Cut(wider);
        var scale = Side / Math.Max(wider.Width, wider.Height);
        double X(double column) => Math.Round(x + ((column - wider.Left) * scale));
        double Y(double row) => Math.Round(y + ((row - wider.Top) * scale));
        sketch.Fill(Math.Round(x), Math.Round(y), Side, Side, Ink.Ground);
        var (left, top) = (X(inside.Left), Y(inside.Top));
        sketch.Place(cut, left, top, X(inside.Left + inside.Width) - left, Y(inside.Top + inside.Height) - top, isSmooth: true);

        var shown = Field.Within(Image.Width, Image.Height);
        var (frameLeft, frameTop) = (X(shown.Left), Y(shown.Top));
        var (width, height) = (X(shown.Left + shown.Width) - frameLeft, Y(shown.Top + shown.Height) - frameTop);
        sketch.Add(new RectangleShape(frameLeft + 1, frameTop + 1, Math.Max(1, width - 2), Math.Max(1, height - 2), null, Ink.Frame, 2));
    }

    /// <summary>The field with its surroundings; no larger than the image, which a field may be.</summary>
    internal FieldBox Larger()
    {
        var (width, height) = (Span(Field.Width, Image.Width), Span(Field.Height, Image.Height));
        return new(
            From(Field.Left + (Field.Width / 2.0), width, Image.Width), From(Field.Top + (Field.Height / 2.0), height, Image.Height), width,
            height);
    }

    private static int Span(int field, int image) => Math.Max(1, Math.Min(image, (int)Math.Ceiling(field * (1 + (2 * Surround)))));

    /// <summary>Moved into the image, so that no room is left empty that the image could fill.</summary>
    private static int From(double middle, int length, int image) =>
        Math.Clamp((int)Math.Round(middle - (length / 2.0)), 0, image - length);

    private (PixelBuffer Pixels, FieldBox Inside) Cut(FieldBox wider)
    {
        var inside = wider.Within(Image.Width, Image.Height);
        var cut = new PixelBuffer(inside.Width, inside.Height, Image.Channels);
        var row = inside.Width * Image.Channels;
        for (var y = 0; y < inside.Height; y++)
        {
            var from = (((inside.Top + y) * Image.Width) + inside.Left) * Image.Channels;
            Image.Data.AsSpan(from, row).CopyTo(cut.Data.AsSpan(y * row));
        }

        return (cut, inside);
    }
}
