using System.Buffers.Binary;

namespace CnnService.Imaging.Codec.Markers;

/// <summary>Reads the orientation from EXIF metadata: a TIFF header and its first directory (EXIF 2.32, 4.5 and 4.6.2).</summary>
internal static class ExifDirectory
{
    private const ushort OrientationId = 0x0112;
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;

    // TIFF's types; 3 (SHORT) is what EXIF asks for, the others are what cameras and editors write.
    private const ushort Byte = 1;
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const ushort SignedByte = 6;
    private const ushort SignedShort = 8;
    private const ushort SignedLong = 9;

    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>The value as written, whatever it is; null where there is no such tag or no directory that can be read.</summary>
    /// <param name="exif">With or without the prefix <c>Exif\0\0</c>.</param>
    public static int? Orientation(ReadOnlySpan<byte> exif)
    {
        while (exif.StartsWith(Prefix))
        {
            exif = exif[Prefix.Length..];
        }

        return IsBigEndian(exif) is { } big ? Directory(exif, big) : null;
    }

    /// <summary>By the letters alone: some writers turn the number behind them round.</summary>
    private static bool? IsBigEndian(ReadOnlySpan<byte> tiff) => tiff switch
    {
        [(byte)'M', (byte)'M', 0, 42, ..] or [(byte)'M', (byte)'M', 42, 0, ..] => true,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'I', (byte)'I', 0, 42, ..] => false,
        _ => null,
    };

    private static int? Directory(ReadOnlySpan<byte> tiff, bool big)
    {
        var at = tiff.Length < HeaderBytes ? uint.MaxValue : UInt32(tiff[4..], big);
        if (at > tiff.Length - 2)
        {
            return null;
        }

        int? found = null;
        var directory = tiff[(int)at..];
        var entries = directory[2..];
        for (var left = UInt16(directory, big); left > 0 && entries.Length >= EntryBytes; left--, entries = entries[EntryBytes..])
        {
            if (UInt16(entries, big) == OrientationId)
            {
                found = Value(entries, big) ?? found;
            }
        }

        return found;
    }

    /// <summary>The one value of an entry, left-aligned in its last four bytes; null for types that are no whole number.</summary>
    private static int? Value(ReadOnlySpan<byte> entry, bool big)
    {
        var value = entry[8..EntryBytes];
        return UInt32(entry[4..], big) != 1 ? null : UInt16(entry[2..], big) switch
        {
            Byte or SignedByte => value[0],
            Short or SignedShort => UInt16(value, big),
            Long or SignedLong => (int)Math.Min(UInt32(value, big), int.MaxValue),
            _ => null,
        };
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
