using CnnService.Core.Datasets;

namespace CnnService.Imaging.Cache;

/// <summary>The images of a cache file, read directly from the memory map. Thread safe for reading.</summary>
internal sealed class MappedPixels : IPixelSource
{
    private readonly MappedFile _file;
    private readonly int _size;
    private readonly long _pixels;
    private bool _disposed;

    private MappedPixels(MappedFile file)
    {
        _file = file;
        (Count, Height, Width, Channels) = (file.Header.Count, file.Header.Height, file.Header.Width, file.Header.Channels);
        _size = Height * Width * Channels;
        _pixels = CacheHeader.PixelsOffset(Count);
    }

    public int Count { get; }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>Opens a cache file; null if it is missing, truncated, corrupt or belongs to another key.</summary>
    public static MappedPixels? TryOpen(string path, CacheKey key, int count)
    {
        var expected = CacheHeader.PixelsOffset(count) + ((long)count * key.BytesPerImage);
        if (!File.Exists(path) || new FileInfo(path).Length != expected)
        {
            return null;
        }

        var file = MappedFile.Open(path);
        if (!IsValid(file, key, count))
        {
            file.Dispose();
            return null;
        }

        return new MappedPixels(file);
    }

    public int Label(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _file.Labels(Count)[index];
    }

    public ReadOnlySpan<byte> Pixels(int index)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _file.Bytes(_pixels + ((long)index * _size), _size);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _file.Dispose();
        }
    }

    private static unsafe bool IsValid(MappedFile file, CacheKey key, int count)
    {
        ref var header = ref file.Header;
        fixed (byte* ownKey = header.Key, content = header.Content)
        {
            return header.Magic == CacheHeader.MagicValue
                && (header.Count, header.Height, header.Width, header.Channels) == (count, key.Height, key.Width, key.Channels)
                && new ReadOnlySpan<byte>(ownKey, 32).SequenceEqual(key.Hash())
                && new ReadOnlySpan<byte>(content, 32).SequenceEqual(file.ContentHash());
        }
    }
}
