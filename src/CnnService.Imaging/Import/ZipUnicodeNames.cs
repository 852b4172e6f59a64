using System.Buffers.Binary;
using System.Text;
using CnnService.Core.Common;
using CnnService.Imaging.Import.Unpacking;

namespace CnnService.Imaging.Import;

/// <summary>
/// Finds the names that a zip declares in the extra field 0x7075 (Info-ZIP Unicode Path, appnote 4.6.9), where the usual place has them in
/// a code page or with letters replaced. <see cref="System.IO.Compression.ZipArchive"/> does not look there.
/// </summary>
internal static class ZipUnicodeNames
{
    private const int HeaderSize = 46;
    private const uint HeaderMark = 0x02014B50;
    private const ushort PathField = 0x7075;
    private const byte Version = 1;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The names by the entry's position in the directory. An archive that is damaged, or has the form for more than 65,534 entries, has
    /// none: the damage is told by the one who reads the entries.
    /// </summary>
    public static IReadOnlyDictionary<int, string> Read(string path)
    {
        var names = new Dictionary<int, string>();
        using var file = File.OpenRead(path);
        if (FindDirectory(file) is not { } directory)
        {
            return names;
        }

        using var buffered = new BufferedStream(file, 1 << 16);
        buffered.Position = directory.Offset;
        var header = new byte[HeaderSize];
        for (var number = 0; number < directory.Entries; number++)
        {
            if (buffered.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || UInt32(header, 0) != HeaderMark)
            {
                break;
            }

            var tail = new byte[UInt16(header, 28) + UInt16(header, 30) + UInt16(header, 32)];
            if (buffered.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false) < tail.Length)
            {
                break;
            }

            if (Find(tail.AsSpan(0, UInt16(header, 28)), tail.AsSpan(UInt16(header, 28), UInt16(header, 30))) is { } name)
            {
                names[number] = name;
            }
        }

        return names;
    }

    private static (long Offset, int Entries)? FindDirectory(FileStream file)
    {
        if (ZipDirectory.FindEnd(file) is not { } end)
        {
            return null;
        }

        var (entries, size, offset) = (UInt16(end.Record, 10), UInt32(end.Record, 12), UInt32(end.Record, 16));
        return entries < ushort.MaxValue && offset + (long)size <= file.Length ? (offset, entries) : null;
    }

    /// <summary>The name in the extra field, if it stands for the name in the header: its checksum says so.</summary>
    private static string? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                return null;
            }

            var field = extra.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == PathField)
            {
                return field.Length > 5 && field[0] == Version
                    && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == ReflectedCrc.Compute32(name) ? Text(field[5..]) : null;
            }

            extra = extra[(4 + length)..];
        }

        return null;
    }

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
