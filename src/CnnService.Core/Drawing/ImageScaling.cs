using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Nearest-neighbour enlargement by integer factors: every pixel becomes a square block.</summary>
public static class ImageScaling
{
    /// <summary>Side, in pixels, that small images are enlarged towards.</summary>
    public const int DefaultSide = 128;

    /// <summary>The largest integer factor by which the image still fits into the default side; at least 1.</summary>
    public static int DefaultFactor(int width, int height) => Factor(width, height, DefaultSide);

    /// <summary>As <see cref="DefaultFactor"/>, for another side.</summary>
    public static int Factor(int width, int height, int side) => Math.Max(1, side / Math.Max(width, height));

    public static PixelBuffer Enlarge(PixelBuffer image, int factor)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (factor == 1)
        {
            return image;
        }

        var result = new PixelBuffer(image.Width * factor, image.Height * factor, image.Channels);
        for (var y = 0; y < result.Height; y++)
        {
            for (var x = 0; x < result.Width; x++)
            {
                image.Pixel(x / factor, y / factor).CopyTo(result.Data.AsSpan(((y * result.Width) + x) * result.Channels));
            }
        }

        return result;
    }
}
