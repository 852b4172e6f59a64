using CnnService.Core.Datasets;

namespace CnnService.Imaging.Cache;

/// <summary>The images of a split, wherever in the packs they lie. Thread safe for reading.</summary>
/// <param name="key">Size of the images.</param>
/// <param name="packs">Owned.</param>
/// <param name="found">Where each image lies, in order.</param>
internal sealed class PackedPixels(PackKey key, IReadOnlyList<PixelPack> packs, PackedImage[] found) : IPixelSource
{
    private bool _disposed;

    public int Count => found.Length;

    public int Height => key.Height;

    public int Width => key.Width;

    public int Channels => key.Channels;

    public int Label(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return found[index].Label;
    }

    public ReadOnlySpan<byte> Pixels(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return packs[found[index].Pack].Pixels(found[index].Place);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            foreach (var pack in packs)
            {
                pack.Dispose();
            }
        }
    }
}

/// <summary>Where an image lies.</summary>
/// <param name="Pack">Index of the pack; -1: in none.</param>
/// <param name="Place">In the pack.</param>
/// <param name="Label">Of the image.</param>
internal readonly record struct PackedImage(int Pack, int Place, int Label);
