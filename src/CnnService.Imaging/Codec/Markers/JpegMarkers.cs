using System.Buffers.Binary;

namespace CnnService.Imaging.Codec.Markers;

/// <summary>Walks the markers of a JPEG file (ITU-T T.81, annex B) up to the end of its first image.</summary>
internal static class JpegMarkers
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;
    private const int LengthBytes = 2;

    private static ReadOnlySpan<byte> Exif => "Exif\0"u8;

    private static ReadOnlySpan<byte> Xmp => "http://ns.adobe.com/xap/1.0/\0"u8;

    /// <param name="file">Begins with the start marker.</param>
    public static ImageMarkers Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> exif = default, xmp = default;
        var (at, scanned) = (2, false);
        while (Next(file, ref at) is { } marker)
        {
            if (marker == EndOfImage || (marker == StartOfImage && scanned))
            {
                // Another image may only begin when this one has ended.
                return new(Orientation(exif, xmp), marker == EndOfImage ? at : at - 2, marker == StartOfImage);
            }

            if (Segment(file[at..], marker, scanned) is not { IsEmpty: false } segment)
            {
                continue;
            }

            at += segment.Length;
            scanned |= marker == StartOfScan;
            if (marker == App1 && !scanned)
            {
                Take(segment[LengthBytes..], ref exif, ref xmp);
            }
        }

        return new(Orientation(exif, xmp), file.Length, IsTruncated: true);
    }

    private static int Orientation(ReadOnlySpan<byte> exif, ReadOnlySpan<byte> xmp) =>
        OrientationTag.Choose(ExifDirectory.Orientation(exif), XmpPacket.Orientation(xmp));

    /// <summary>
    /// The code of the next marker, and the place behind it. Other bytes are stepped over: stray ones between segments, and the data of a
    /// scan, in which 0xFF is always followed by 0 or by a restart marker.
    /// </summary>
    private static byte? Next(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && file[at..].IndexOf((byte)0xFF) is >= 0 and var step)
        {
            at += step;
            while (at < file.Length && file[at] == 0xFF)
            {
                at++;
            }

            if (at < file.Length && file[at++] is not 0 and var code)
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>
    /// Length and body of a marker's segment; empty for markers without one, and for damaged data that looks like one: lengths beyond the
    /// file, and between or behind scans what may not stand there.
    /// </summary>
    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> rest, byte marker, bool scanned)
    {
        var carries = scanned
            ? marker is 0xC4 or 0xCC or (>= StartOfScan and <= 0xDD) or (>= 0xE0 and <= 0xEF) or 0xFE
            : marker is >= 0xC0 and not (>= 0xD0 and <= EndOfImage);
        if (!carries || rest.Length < LengthBytes)
        {
            return default;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        return length >= LengthBytes && length <= rest.Length ? rest[..length] : default;
    }

    /// <summary>Keeps the first EXIF and the first XMP segment; later ones belong to embedded images or continue the first.</summary>
    private static void Take(ReadOnlySpan<byte> body, ref ReadOnlySpan<byte> exif, ref ReadOnlySpan<byte> xmp)
    {
        if (exif.IsEmpty && body.StartsWith(Exif))
        {
            // One byte of padding follows the name.
            exif = body[Math.Min(Exif.Length + 1, body.Length)..];
        }
        else if (xmp.IsEmpty && body.StartsWith(Xmp))
        {
            xmp = body[Xmp.Length..];
        }
    }
}
