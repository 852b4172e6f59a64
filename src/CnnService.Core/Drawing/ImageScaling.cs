using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Nearest-neighbour enlargement by integer factors: every pixel becomes a square block.</summary>
public static class ImageScaling
{
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
