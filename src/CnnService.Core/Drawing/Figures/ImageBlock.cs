using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>An image, with shapes over it.</summary>
/// <param name="Image">Grey or RGB; null: a missing one, for which an empty tile stands.</param>
/// <param name="Width">As shown.</param>
/// <param name="Height">As shown.</param>
/// <param name="IsSmooth">True: interpolated; false: every pixel a square.</param>
internal sealed record ImageBlock(PixelBuffer? Image, double Width, double Height, bool IsSmooth) : Block
{
    /// <summary>Drawn over it, relative to its upper left corner.</summary>
    public IReadOnlyList<Shape> Marks { get; init; } = [];

    /// <summary>Said in the middle of it, as for a missing or a dead one.</summary>
    public string Says { get; init; } = string.Empty;

    /// <summary>Enlarged so that its longer side has at least this many pixels.</summary>
    /// <param name="image">Grey or RGB.</param>
    /// <param name="side">Least length of the longer side.</param>
    /// <param name="isSmooth">True: to exactly this side where it is smaller; false: by the least whole factor that is enough.</param>
    public static ImageBlock AtLeast(PixelBuffer image, int side, bool isSmooth)
    {
        var longer = Math.Max(image.Width, image.Height);
        var factor = longer >= side ? 1 : isSmooth ? (double)side / longer : Math.Ceiling((double)side / longer);
        return new(image, Math.Round(image.Width * factor), Math.Round(image.Height * factor), isSmooth);
    }

    public override Extent Measure(Lettering lettering) => new(Width, Height);

    public override void Draw(Sketch sketch, double x, double y)
    {
        (x, y) = (Math.Round(x), Math.Round(y));
        if (Image is null)
        {
            sketch.Fill(x, y, Width, Height, Ink.Ground);
        }
        else
        {
            sketch.Place(Image, x, y, Width, Height, IsSmooth);
        }

        foreach (var mark in Marks)
        {
            sketch.Add(mark.MovedBy(x, y));
        }

        if (Says.Length > 0)
        {
            var lines = sketch.Lettering.Wrap(Says, Typography.Small, Width - 12);
            var top = y + ((Height - (lines.Count * Typography.Small.LineHeight)) / 2);
            foreach (var (number, line) in lines.Index())
            {
                sketch.Write(line, Typography.Small, x + (Width / 2), top + (number * Typography.Small.LineHeight), TextAnchor.Middle);
            }
        }
    }
}
