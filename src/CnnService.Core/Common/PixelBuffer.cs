namespace CnnService.Core.Common;

/// <summary>A decoded, upright image: bytes 0–255, rows top down, channels interleaved (<c>[H,W,C]</c>), rows not padded.</summary>
public sealed class PixelBuffer
{
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue; sRGB).</param>
    /// <param name="data">width x height x channels bytes; owned by the buffer from now on, not copied.</param>
    public PixelBuffer(int width, int height, int channels, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "must be 1 or 3");
        }

        if (data.LongLength != (long)width * height * channels)
        {
            throw new ArgumentException(
                $"{width}x{height}x{channels} needs {(long)width * height * channels} bytes, received {data.Length}.", nameof(data));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Data = data;
    }

    public PixelBuffer(int width, int height, int channels)
        : this(width, height, channels, new byte[checked(width * height * channels)])
    {
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

#pragma warning disable CA1819 // The buffer is the point of this type.
    public byte[] Data { get; }
#pragma warning restore CA1819

    public ReadOnlySpan<byte> Pixel(int x, int y) => Data.AsSpan(((y * Width) + x) * Channels, Channels);
}
