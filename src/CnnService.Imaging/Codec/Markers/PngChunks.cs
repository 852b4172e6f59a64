using System.Buffers.Binary;

namespace CnnService.Imaging.Codec.Markers;

/// <summary>Walks the chunks of a PNG file up to its end chunk (PNG, third edition, 5 and 11.3).</summary>
internal static class PngChunks
{
    private const int SignatureBytes = 8;
    private const int ChunkHeaderBytes = 8;
    private const int ChecksumBytes = 4;

    /// <param name="file">Begins with the signature.</param>
    public static ImageMarkers Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> exif = default, profile = default, xmp = default, profileChunk = default, xmpChunk = default;
        var at = SignatureBytes;
        while (Take(file, ref at, out var name, out var body) && !name.SequenceEqual("IEND"u8))
        {
            // The first of each kind counts, so that of a file of a thousand compressed texts one is unpacked.
            var keyword = PngText.Keyword(name, body);
            if (exif.IsEmpty && name.SequenceEqual("eXIf"u8))
            {
                exif = body;
            }
            else if (profile.IsEmpty && keyword.SequenceEqual(PngText.ExifProfile))
            {
                profileChunk = name;
                profile = body;
            }
            else if (xmp.IsEmpty && keyword.SequenceEqual(PngText.Xmp))
            {
                xmpChunk = name;
                xmp = body;
            }
        }

        var tag = exif.IsEmpty ? RawProfile.Orientation(PngText.Content(profileChunk, profile)) : ExifDirectory.Orientation(exif);
        return new(OrientationTag.Choose(tag, XmpPacket.Orientation(PngText.Content(xmpChunk, xmp))), at, IsTruncated: false);
    }

    /// <summary>The next chunk; false at the end, or where the rest is no whole chunk, which then belongs to the image too.</summary>
    private static bool Take(ReadOnlySpan<byte> file, scoped ref int at, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> body)
    {
        name = body = default;
        var length = file.Length - at < ChunkHeaderBytes ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - ChunkHeaderBytes - ChecksumBytes)
        {
            at = file.Length;
            return false;
        }

        name = file.Slice(at + 4, 4);
        body = file.Slice(at + ChunkHeaderBytes, (int)length);
        at += ChunkHeaderBytes + (int)length + ChecksumBytes;
        return true;
    }
}
