using CnnService.Core.Common;

namespace CnnService.Imaging.Codec;

/// <summary>Converts rows of premultiplied RGBA to pixels without alpha.</summary>
internal static class Rgba
{
    /// <summary>Blends on white; a single channel is the luma of ITU-R BT.601.</summary>
    public static PixelBuffer ToPixels(ReadOnlySpan<byte> rgba, int rowBytes, int width, int height, int channels)
    {
        var pixels = new PixelBuffer(width, height, channels);
        for (var y = 0; y < height; y++)
        {
            var source = rgba.Slice(y * rowBytes, width * 4);
            var target = pixels.Data.AsSpan(y * width * channels, width * channels);
            if (channels == 3)
            {
                ToRgb(source, target);
            }
            else
            {
                ToGrey(source, target);
            }
        }

        return pixels;
    }

    private static void ToRgb(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int from = 0, to = 0; to < target.Length; from += 4, to += 3)
        {
            var white = 255 - source[from + 3];
            target[to] = (byte)(source[from] + white);
            target[to + 1] = (byte)(source[from + 1] + white);
            target[to + 2] = (byte)(source[from + 2] + white);
        }
    }

    private static void ToGrey(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int from = 0, to = 0; to < target.Length; from += 4, to++)
        {
            var luma = ((299 * source[from]) + (587 * source[from + 1]) + (114 * source[from + 2]) + 500) / 1000;
            target[to] = (byte)(luma + 255 - source[from + 3]);
        }
    }
}
