using CnnService.Core.Common;

namespace CnnService.Imaging.Codec;

/// <summary>Rotates and flips a stored image upright by its EXIF orientation.</summary>
internal static class ExifOrientation
{
    /// <param name="stored">As stored in the file.</param>
    /// <param name="origin">EXIF orientation, 1 to 8: where the first stored row and column are in the upright image. Other values:
    /// unchanged.</param>
    public static PixelBuffer Apply(PixelBuffer stored, int origin)
    {
        if (origin is < 2 or > 8)
        {
            return stored;
        }

        var swapped = origin >= 5;
        var upright = new PixelBuffer(swapped ? stored.Height : stored.Width, swapped ? stored.Width : stored.Height, stored.Channels);
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (fromX, fromY) = Source(origin, x, y, stored.Width - 1, stored.Height - 1);
                stored.Pixel(fromX, fromY).CopyTo(upright.Data.AsSpan(((y * upright.Width) + x) * upright.Channels));
            }
        }

        return upright;
    }

    private static (int X, int Y) Source(int origin, int x, int y, int right, int bottom) => origin switch
    {
        2 => (right - x, y),
        3 => (right - x, bottom - y),
        4 => (x, bottom - y),
        5 => (y, x),
        6 => (y, bottom - x),
        7 => (right - y, bottom - x),
        _ => (right - y, x),
    };
}
