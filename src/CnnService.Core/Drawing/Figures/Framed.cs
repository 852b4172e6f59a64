using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>A photograph in the middle of a square tile.</summary>
/// <param name="Image">Scaled to the tile; null where its file is missing.</param>
/// <param name="Side">Of the tile.</param>
internal sealed record Framed(PixelBuffer? Image, double Side) : Block
{
    public override Extent Measure(Lettering lettering) => new(Side, Side);

    public override void Draw(Sketch sketch, double x, double y)
    {
        if (Image is null)
        {
            (new ImageBlock(null, Side, Side, false) { Says = "the image is gone" }).Draw(sketch, x, y);
            return;
        }

        (x, y) = (Math.Round(x), Math.Round(y));
        sketch.Fill(x, y, Side, Side, Ink.Ground);
        var fit = Side / Math.Max(Image.Width, Image.Height);
        var (width, height) = (Math.Round(Image.Width * fit), Math.Round(Image.Height * fit));
        sketch.Place(Image, x + ((Side - width) / 2), y + ((Side - height) / 2), width, height, isSmooth: true);
    }
}
