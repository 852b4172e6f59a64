using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace CnnService.Imaging.Import.Unpacking;

/// <summary>
/// Decompresses a file. Whatever the packages throw on damaged data becomes <see cref="InvalidDataException"/>, and every byte is reported
/// before it is given, so that a limit can end it.
/// </summary>
internal sealed class Decompressor : UnpackingStream
{
    /// <summary>Bytes that are enough for <see cref="Detect"/>.</summary>
    public const int SignatureBytes = 6;

    /// <summary>Binary logarithm of the largest window of Zstandard: 128 MiB, what <c>zstd -d</c> allows.</summary>
    private const int MaxZstandardWindowLog = 27;

    /// <summary>
    /// Most bytes asked for at once: files are read in smaller pieces, and the reader of tar takes the extended headers of an entry whole,
    /// of up to 2 GB, of which it makes text three times as large.
    /// </summary>
    private const int MaxReadBytes = 1 << 20;

    private readonly Func<Stream> _open;
    private readonly Stream _file;
    private readonly Action<int> _count;
    private Stream? _stream;

    /// <param name="compression">How the file is compressed.</param>
    /// <param name="file">The file, which this owns.</param>
    /// <param name="count">Is told the number of bytes that were unpacked, and may throw.</param>
    public Decompressor(Compression compression, Stream file, Action<int> count)
    {
        (_file, _count) = (file, count);
        _open = () => compression switch
        {
            Compression.Gzip => new GZipStream(file, CompressionMode.Decompress),
            Compression.Xz => new XzStream(file),
            Compression.Bzip2 => new Bzip2Stream(file),
            Compression.Zstandard => Zstandard(file),
            _ => file,
        };
    }

    /// <summary>By the first bytes of the file.</summary>
    public static Compression Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => Compression.Gzip,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Compression.Xz,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => Compression.Bzip2,
        [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Compression.Zstandard,
        _ => Compression.None,
    };

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length > MaxReadBytes)
        {
            throw new InvalidDataException($"a header in it is longer than {MaxReadBytes} bytes");
        }

        int count;
        try
        {
            count = (_stream ??= _open()).Read(buffer);
        }
        catch (Exception failure) when (failure is not (IOException or InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException(failure.Message, failure);
        }

        _count(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _stream?.Dispose();
        _file.Dispose();
        base.Dispose(disposing);
    }

    private static DecompressionStream Zstandard(Stream file)
    {
        var stream = new DecompressionStream(file);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstandardWindowLog);
        return stream;
    }
}
