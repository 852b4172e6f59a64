using CnnService.Core.Common;

namespace CnnService.Imaging.Cache;

/// <summary>
/// Writes a cache file under a temporary name and publishes it when complete. Rows may be filled concurrently; dispose deletes an
/// unpublished file.
/// </summary>
internal sealed class CacheWriter : IDisposable
{
    private readonly CacheKey _key;
    private readonly int _count;
    private readonly string _path;
    private readonly string _temporary;
    private MappedFile? _file;

    public CacheWriter(string folder, CacheKey key, int count)
    {
        _key = key;
        _count = count;
        _path = key.PathIn(Directory.CreateDirectory(folder).FullName);
        _temporary = $"{_path}{DurableFile.TemporaryMark}{Guid.NewGuid():N}";
        Reserve(_temporary, Length);
        _file = MappedFile.OpenToWrite(_temporary);
    }

    private long Length => CacheHeader.PixelsOffset(_count) + ((long)_count * _key.BytesPerImage);

    public void SetLabel(int index, int label) => _file!.Labels(_count)[index] = label;

    /// <summary>The bytes of one image, to be filled by the caller.</summary>
    public Span<byte> Row(int index) =>
        _file!.Bytes(CacheHeader.PixelsOffset(_count) + ((long)index * _key.BytesPerImage), _key.BytesPerImage);

    public unsafe void Publish()
    {
        ref var header = ref _file!.Header;
        header.Magic = CacheHeader.MagicValue;
        (header.Count, header.Height, header.Width, header.Channels) = (_count, _key.Height, _key.Width, _key.Channels);
        fixed (byte* key = header.Key, content = header.Content)
        {
            _key.Hash().CopyTo(new Span<byte>(key, 32));
            _file.ContentHash().CopyTo(new Span<byte>(content, 32));
        }

        _file.Flush();
        Dispose(keep: true);
        DurableFile.Publish(_temporary, _path);
    }

    public void Dispose() => Dispose(keep: false);

    /// <summary>
    /// Allocates disk blocks first: a store to a hole of a mapped file on a full disk is a fatal signal, not an exception.
    /// </summary>
    private static void Reserve(string path, long length)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: length);
            RandomAccess.SetLength(handle, length);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    private void Dispose(bool keep)
    {
        if (_file is null)
        {
            return;
        }

        _file.Dispose();
        _file = null;
        if (!keep)
        {
            File.Delete(_temporary);
        }
    }
}
