using CnnService.Core.Common;

namespace CnnService.Imaging.Codec;

/// <summary>
/// Writes premultiplied RGBA as pixels without alpha, blended on white, each at its place in the upright image.
/// </summary>
internal static class UprightPixels
{
    private const int RgbaBytes = 4;

    /// <param name="rgba">Rows as stored in the file.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="width">Width as stored, in pixels.</param>
    /// <param name="height">Height as stored, in pixels.</param>
    /// <param name="channels">3 for RGB; 1 for the luma of ITU-R BT.601.</param>
    /// <param name="origin">EXIF orientation, 1 to 8: where the first stored row and column are in the upright image. Other values count
    /// as 1.</param>
    public static PixelBuffer Write(ReadOnlySpan<byte> rgba, int rowBytes, int width, int height, int channels, int origin)
    {
        var isTurned = origin is >= 5 and <= 8;
        var upright = isTurned ? new PixelBuffer(height, width, channels) : new PixelBuffer(width, height, channels);
        var (first, column, row) = Places(origin, width, height);
        for (var y = 0; y < height; y++)
        {
            var source = rgba.Slice(y * rowBytes, width * RgbaBytes);
            var start = (first + (y * row)) * channels;
            if (channels == 3)
            {
                WriteRgb(source, upright.Data, start, column * channels);
            }
            else
            {
                WriteGrey(source, upright.Data, start, column);
            }
        }

        return upright;
    }

    /// <summary>
    /// Where the first stored pixel goes in the upright image, and how far from a stored pixel the one right of it and the one below it
    /// go, in pixels.
    /// </summary>
    private static (int First, int Column, int Row) Places(int origin, int width, int height) => origin switch
    {
        2 => (width - 1, -1, width),
        3 => ((width * height) - 1, -1, -width),
        4 => ((height - 1) * width, 1, -width),
        5 => (0, height, 1),
        6 => (height - 1, height, -1),
        7 => ((width * height) - 1, -height, -1),
        8 => ((width - 1) * height, -height, 1),
        _ => (0, 1, width),
    };

    private static void WriteRgb(ReadOnlySpan<byte> source, Span<byte> target, int start, int step)
    {
        for (int from = 0, to = start; from < source.Length; from += RgbaBytes, to += step)
        {
            var white = 255 - source[from + 3];
            var pixel = target.Slice(to, 3);
            pixel[0] = (byte)(source[from] + white);
            pixel[1] = (byte)(source[from + 1] + white);
            pixel[2] = (byte)(source[from + 2] + white);
        }
    }

    private static void WriteGrey(ReadOnlySpan<byte> source, Span<byte> target, int start, int step)
    {
        for (int from = 0, to = start; from < source.Length; from += RgbaBytes, to += step)
        {
            var luma = ((299 * source[from]) + (587 * source[from + 1]) + (114 * source[from + 2]) + 500) / 1000;
            target[to] = (byte)(luma + 255 - source[from + 3]);
        }
    }
}
