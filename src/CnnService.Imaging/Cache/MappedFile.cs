using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CnnService.Imaging.Cache;

/// <summary>A memory-mapped cache file. Spans and references into it are valid until it is disposed.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private const int HashStep = 1 << 24;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedFile(MemoryMappedFile file, MemoryMappedFileAccess access, long length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, length, access);
        Length = length;
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
    }

    public long Length { get; }

    public ref CacheHeader Header => ref *(CacheHeader*)_start;

    public static MappedFile OpenToWrite(string path) => new(
        MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.ReadWrite),
        MemoryMappedFileAccess.ReadWrite,
        new FileInfo(path).Length);

    public static MappedFile Open(string path) => new(
        MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read),
        MemoryMappedFileAccess.Read,
        new FileInfo(path).Length);

    public Span<int> Labels(int count) => MemoryMarshal.Cast<byte, int>(new Span<byte>(_start + sizeof(CacheHeader), 4 * count));

    public Span<byte> Bytes(long offset, int length) => new(_start + offset, length);

    /// <summary>SHA-256 over labels and pixels.</summary>
    public byte[] ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = sizeof(CacheHeader); at < Length; at += HashStep)
        {
            hash.AppendData(Bytes(at, (int)Math.Min(HashStep, Length - at)));
        }

        return hash.GetHashAndReset();
    }

    public void Flush() => _view.Flush();

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
