namespace CnnService.Core.Datasets.Health;

/// <summary>An image squeezed into a square of brightness, whatever its aspect ratio: what images are compared by.</summary>
/// <param name="Values"><see cref="Side"/> rows of as many values, 0–255.</param>
internal readonly record struct LumaSquare(byte[] Values)
{
    /// <summary>Pixels. Enough to tell images apart, little enough to keep those of ten thousands of images.</summary>
    public const int Side = 64;

    /// <param name="pixels">An image of <see cref="Side"/> by <see cref="Side"/> pixels, grey or RGB; luma by ITU-R BT.601.</param>
    public static LumaSquare From(Common.PixelBuffer pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((pixels.Width, pixels.Height), (Side, Side));
        if (pixels.Channels == 1)
        {
            return new(pixels.Data);
        }

        var values = new byte[Side * Side];
        for (int i = 0, from = 0; i < values.Length; i++, from += 3)
        {
            values[i] = (byte)(((299 * pixels.Data[from]) + (587 * pixels.Data[from + 1]) + (114 * pixels.Data[from + 2]) + 500) / 1000);
        }

        return new(values);
    }

    /// <summary>The part of the square in a window, resampled bilinearly.</summary>
    /// <param name="window">Which part.</param>
    /// <param name="side">Pixels of the result.</param>
    /// <param name="samples">Samples a pixel along each axis: 2 where the result is about half as fine as the part.</param>
    /// <param name="target">Receives <paramref name="side"/> times <paramref name="side"/> values.</param>
    public void Resample(Window window, int side, int samples, Span<float> target)
    {
        Span<int> columns = stackalloc int[side * samples];
        Span<float> weights = stackalloc float[side * samples];
        for (var i = 0; i < columns.Length; i++)
        {
            (columns[i], weights[i]) = Place(window.Left, window.Right, (i + 0.5f) / columns.Length);
        }

        target[..(side * side)].Clear();
        var scale = 1f / (samples * samples);
        for (var j = 0; j < columns.Length; j++)
        {
            var (row, below) = Place(window.Top, window.Bottom, (j + 0.5f) / columns.Length);
            var upper = Values.AsSpan(row * Side, Side);
            var lower = Values.AsSpan((row + 1) * Side, Side);
            var line = target.Slice(j / samples * side, side);
            for (var i = 0; i < columns.Length; i++)
            {
                var (at, right) = (columns[i], weights[i]);
                var above = upper[at] + (right * (upper[at + 1] - upper[at]));
                var under = lower[at] + (right * (lower[at + 1] - lower[at]));
                line[i / samples] += scale * (above + (below * (under - above)));
            }
        }
    }

    /// <summary>The pixel before a place and the weight of the one behind it.</summary>
    /// <param name="from">Begin of the window, 0–1.</param>
    /// <param name="to">Its end, 0–1.</param>
    /// <param name="share">Place in the window, 0–1.</param>
    private static (int Pixel, float Weight) Place(float from, float to, float share)
    {
        var place = Math.Clamp(((from + ((to - from) * share)) * Side) - 0.5f, 0, Side - 1.001f);
        return ((int)place, place - (int)place);
    }
}
