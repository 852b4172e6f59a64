using System.Runtime.InteropServices;

namespace CnnService.Imaging.Cache;

/// <summary>A pack, read directly from the memory map. Thread safe.</summary>
internal sealed class PixelPack : IDisposable
{
    private readonly MappedFile _file;
    private readonly PackHeader _header;
    private readonly int _size;

    private PixelPack(string path, MappedFile file, PackHeader header, int size) =>
        (Path, _file, _header, _size) = (path, file, header, size);

    public string Path { get; }

    private long IndexAt => PackHeader.PixelsAt + ((long)_header.Places * _size);

    /// <summary>Opens a pack; null if it is missing, torn, or of another size. Its pixels are checked image by image.</summary>
    public static PixelPack? TryOpen(string path, PackKey key)
    {
        if (Map(path) is not { } file)
        {
            return null;
        }

        var pack = new PixelPack(path, file, MemoryMarshal.Read<PackHeader>(file.Bytes(0, PackHeader.PixelsAt)), key.BytesPerImage);
        if (pack.IsOf(key))
        {
            return pack;
        }

        file.Dispose();
        return null;
    }

    /// <summary>The place of an image whose pixels are as they were written; -1 if there is none.</summary>
    /// <param name="sha256">Of the image file, 32 bytes.</param>
    public int Find(ReadOnlySpan<byte> sha256)
    {
        var (low, high) = (0, _header.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var entry = _file.Bytes(IndexAt + ((long)middle * PackEntry.Bytes), PackEntry.Bytes);
            var order = sha256.SequenceCompareTo(entry[..PackEntry.HashBytes]);
            if (order == 0)
            {
                var (place, check) = PackEntry.Read(entry);
                return PackEntry.CheckOf(Pixels(place)) == check ? place : -1;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    public ReadOnlySpan<byte> Pixels(int place)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)_header.Places, nameof(place));
        return _file.Bytes(PackHeader.PixelsAt + ((long)place * _size), _size);
    }

    public void Dispose() => _file.Dispose();

    private static MappedFile? Map(string path)
    {
        try
        {
            return new FileInfo(path).Length >= PackHeader.PixelsAt ? new MappedFile(path) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Another process has put the packs together.
        }
    }

    private bool IsOf(PackKey key) => _header.Magic == PackHeader.MagicValue
        && (_header.Height, _header.Width, _header.Channels) == (key.Height, key.Width, key.Channels)
        && _header.Count >= 0 && _header.Places >= 0
        && _file.Length == IndexAt + ((long)_header.Count * PackEntry.Bytes)
        && _header.Check == PackEntry.CheckOf(_file.Bytes(IndexAt, checked(_header.Count * PackEntry.Bytes)));
}
