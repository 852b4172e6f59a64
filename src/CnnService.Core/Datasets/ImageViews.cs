using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// Copies of an image that show the same thing: 0 the image itself, 1 mirrored, from 2 on crops of seven eighths of each side (middle, then
/// the corners), every other one mirrored. Features are computed of them, and answers averaged over them.
/// </summary>
public static class ImageViews
{
    /// <summary>Views there are.</summary>
    public const int Max = 10;

    private const double Kept = 0.875;

    /// <summary>Place of the crop in what may be cut off, 0–1, by row and column.</summary>
    private static readonly (double Row, double Column)[] Crops = [(0.5, 0.5), (0, 0), (0, 1), (1, 0), (1, 1)];

    /// <summary>The first views of an image, the image itself first.</summary>
    /// <param name="image">The image; not copied.</param>
    /// <param name="count">1 to <see cref="Max"/>.</param>
    public static IReadOnlyList<PixelBuffer> Of(PixelBuffer image, int count)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Max);
        var views = new PixelBuffer[count];
        views[0] = image;
        for (var view = 1; view < count; view++)
        {
            views[view] = new(image.Width, image.Height, image.Channels);
            Draw(image.Data, (image.Height, image.Width, image.Channels), view, views[view].Data);
        }

        return views;
    }

    /// <summary>Draws one view.</summary>
    /// <param name="image"><c>[H,W,C]</c>.</param>
    /// <param name="size">Height, width and channels.</param>
    /// <param name="view">0 to <see cref="Max"/> - 1.</param>
    /// <param name="target">As large as the image.</param>
    public static void Draw(ReadOnlySpan<byte> image, (int Height, int Width, int Channels) size, int view, Span<byte> target)
    {
        if (view < 2)
        {
            image.CopyTo(target);
        }
        else
        {
            var (row, column) = Crops[(view - 2) / 2 % Crops.Length];
            Crop(image, size, row, column, target);
        }

        if (view % 2 == 1)
        {
            Mirror(target, size);
        }
    }

    private static void Mirror(Span<byte> image, (int Height, int Width, int Channels) size)
    {
        var stride = size.Width * size.Channels;
        for (var y = 0; y < size.Height; y++)
        {
            var line = image.Slice(y * stride, stride);
            line.Reverse();
            for (var x = 0; size.Channels > 1 && x < stride; x += size.Channels)
            {
                line.Slice(x, size.Channels).Reverse(); // The channels of a pixel keep their order.
            }
        }
    }

    /// <summary>Cuts a part out and stretches it to the whole, bilinearly.</summary>
    private static void Crop(
        ReadOnlySpan<byte> image, (int Height, int Width, int Channels) size, double row, double column, Span<byte> target)
    {
        var rows = Places(size.Height, row);
        var columns = Places(size.Width, column);
        var at = 0;
        foreach (var (top, bottom, down) in rows)
        {
            foreach (var (left, right, across) in columns)
            {
                for (var channel = 0; channel < size.Channels; channel++)
                {
                    var upper = Mix(Level(image, top, left, channel), Level(image, top, right, channel), across);
                    var lower = Mix(Level(image, bottom, left, channel), Level(image, bottom, right, channel), across);
                    target[at++] = (byte)Math.Round(Mix(upper, lower, down));
                }
            }
        }

        byte Level(ReadOnlySpan<byte> pixels, int y, int x, int channel) => pixels[(((y * size.Width) + x) * size.Channels) + channel];
    }

    private static double Mix(double one, double other, double share) => one + ((other - one) * share);

    /// <summary>For each pixel of a side: the two pixels it lies between, and how far on the way to the second.</summary>
    private static (int Before, int After, double Share)[] Places(int side, double place)
    {
        var first = (1 - Kept) * side * place;
        var places = new (int, int, double)[side];
        for (var i = 0; i < side; i++)
        {
            var at = Math.Clamp(first + ((i + 0.5) * Kept) - 0.5, 0, side - 1);
            places[i] = ((int)at, Math.Min((int)at + 1, side - 1), at - (int)at);
        }

        return places;
    }
}
