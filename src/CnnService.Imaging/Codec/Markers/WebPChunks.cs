using System.Buffers.Binary;

namespace CnnService.Imaging.Codec.Markers;

/// <summary>Walks the chunks of a WebP file (RFC 9649). Metadata counts where the extended header announces it, as in libwebp.</summary>
internal static class WebPChunks
{
    private const int HeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const byte ExifFlag = 0x08;
    private const byte XmpFlag = 0x04;

    /// <param name="file">At least the 12 bytes of the header.</param>
    public static ImageMarkers Read(ReadOnlySpan<byte> file)
    {
        var length = (int)Math.Min(file.Length, ChunkHeaderBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]));
        var riff = file[..Math.Max(length, HeaderBytes)];
        return new(Orientation(riff[HeaderBytes..]), riff.Length, IsTruncated: false);
    }

    private static int Orientation(ReadOnlySpan<byte> chunks)
    {
        ReadOnlySpan<byte> exif = default, xmp = default;
        byte flags = 0;
        while (Take(ref chunks, out var name, out var body))
        {
            if (name.SequenceEqual("VP8X"u8) && body.Length > 0)
            {
                flags = body[0];
            }
            else if (name.SequenceEqual("EXIF"u8) && exif.IsEmpty)
            {
                exif = body;
            }
            else if (name.SequenceEqual("XMP "u8) && xmp.IsEmpty)
            {
                xmp = body;
            }
        }

        return OrientationTag.Choose(
            (flags & ExifFlag) != 0 ? ExifDirectory.Orientation(exif) : null,
            (flags & XmpFlag) != 0 ? XmpPacket.Orientation(xmp) : null);
    }

    /// <summary>The next chunk, padded to an even length; the last one may be cut off.</summary>
    private static bool Take(scoped ref ReadOnlySpan<byte> chunks, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> body)
    {
        if (chunks.Length < ChunkHeaderBytes)
        {
            name = body = default;
            return false;
        }

        name = chunks[..4];
        var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
        chunks = chunks[ChunkHeaderBytes..];
        body = chunks[..(int)Math.Min(length, chunks.Length)];
        chunks = chunks[(int)Math.Min(length + (length & 1), chunks.Length)..];
        return true;
    }
}
