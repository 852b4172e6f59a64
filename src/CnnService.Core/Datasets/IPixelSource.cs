using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Decoded, labelled images of one size, in a fixed order. Thread safe for reading; dispose to release the memory map.</summary>
public interface IPixelSource : IDisposable
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    int Height { get; }

    int Width { get; }

    /// <summary>1 or 3 (red, green, blue).</summary>
    int Channels { get; }

    /// <summary>The label of an image, from 0 to the number of classes - 1.</summary>
    int Label(int index);

    /// <summary>The image's bytes, <c>[H,W,C]</c>, 0–255; valid until the source is disposed.</summary>
    ReadOnlySpan<byte> Pixels(int index);
}

/// <summary>Extension methods of <see cref="IPixelSource"/>.</summary>
public static class PixelSourceExtensions
{
    /// <summary>Copies the images of these indices, in this order, into one batch.</summary>
    public static PixelBatch Gather(this IPixelSource source, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        var size = source.Height * source.Width * source.Channels;
        var data = new byte[size * indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            source.Pixels(indices[i]).CopyTo(data.AsSpan(i * size, size));
        }

        return new(data, indices.Length, source.Height, source.Width, source.Channels);
    }
}
