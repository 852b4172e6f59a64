using System.Runtime.InteropServices;
using CnnService.Core.Common;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Imaging.Cache;

/// <summary>
/// Writes a pack under a temporary name, in any order and from many threads, and publishes it when complete. Dispose deletes what was not
/// published.
/// </summary>
internal sealed class PackWriter : IDisposable
{
    private readonly string _temporary;
    private readonly SafeFileHandle _file;
    private readonly Lock _guard = new();
    private readonly List<PackEntry> _entries = [];
    private int _size;
    private bool _isPublished;

    /// <param name="folder">The folder of the cache.</param>
    public PackWriter(string folder)
    {
        _temporary = Path.Combine(Directory.CreateDirectory(folder).FullName, $"pack{DurableFile.TemporaryMark}{Guid.NewGuid():N}");
        _file = File.OpenHandle(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <param name="place">From 0; each at most once. Places may stay empty.</param>
    /// <param name="sha256">Of the image file, hex.</param>
    /// <param name="pixels">Of the image, <c>[H,W,C]</c>, as many bytes as of every other one.</param>
    public void Write(int place, string sha256, ReadOnlySpan<byte> pixels)
    {
        if (Interlocked.CompareExchange(ref _size, pixels.Length, 0) is not 0 and var size)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, size);
        }

        RandomAccess.Write(_file, pixels, At(place));
        var entry = new PackEntry(sha256, place, PackEntry.CheckOf(pixels));
        lock (_guard)
        {
            _entries.Add(entry);
        }
    }

    /// <summary>Writes the images to another pack in another form.</summary>
    /// <param name="target">Receives them.</param>
    /// <param name="change">From pixels as they were written to pixels of the other pack.</param>
    public void CopyTo(PackWriter target, Func<byte[], byte[]> change)
    {
        var pixels = new byte[_size];
        foreach (var (place, entry) in _entries.OrderBy(entry => entry.Place).Index())
        {
            Read(entry.Place, pixels);
            target.Write(place, entry.Sha256, change(pixels));
        }
    }

    /// <summary>Writes index and header, flushes the file and gives it its name.</summary>
    /// <param name="key">Size of the images.</param>
    /// <param name="folder">The folder of the cache.</param>
    public void Publish(PackKey key, string folder)
    {
        if (_entries.Count > 0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(key.BytesPerImage, _size);
        }

        PackEntry[] entries = [
            .. _entries.DistinctBy(entry => entry.Sha256).OrderBy(entry => entry.Sha256, StringComparer.Ordinal)];
        var index = new byte[entries.Length * PackEntry.Bytes];
        foreach (var (number, entry) in entries.Index())
        {
            entry.Write(index.AsSpan(number * PackEntry.Bytes));
        }

        var header = new PackHeader
        {
            Magic = PackHeader.MagicValue,
            Count = entries.Length,
            Places = _entries.Count == 0 ? 0 : _entries.Max(entry => entry.Place) + 1,
            Height = key.Height,
            Width = key.Width,
            Channels = key.Channels,
            Check = PackEntry.CheckOf(index),
        };
        RandomAccess.Write(_file, index, At(header.Places));
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<PackHeader>(in header)), 0);
        DurableFile.Flush(_file, _temporary);
        _file.Dispose(); // It is locked as long as it is open.
        DurableFile.Publish(_temporary, key.NewPathIn(folder));
        _isPublished = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isPublished)
        {
            File.Delete(_temporary);
        }
    }

    private void Read(int place, Span<byte> pixels)
    {
        for (var done = 0; done < pixels.Length;)
        {
            var read = RandomAccess.Read(_file, pixels[done..], At(place) + done);
            done += read > 0 ? read : throw new EndOfStreamException($"Image {place} is not in the pack.");
        }
    }

    private long At(int place) => PackHeader.PixelsAt + ((long)place * _size);
}
