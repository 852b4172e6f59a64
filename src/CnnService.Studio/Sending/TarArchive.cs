using System.Globalization;
using System.Text;
using CnnService.Studio.Browser;

namespace CnnService.Studio.Sending;

/// <summary>
/// Files as one tar archive (POSIX.1-2001) that is made while it is sent: any range of its bytes can be asked for, so that sending goes on
/// after a break, and nothing but the range is in memory. The same files give the same archive.
/// </summary>
internal sealed class TarArchive
{
    private const int Block = 512;
    private const int EndBlocks = 2;
    private const int NameLength = 100;
    private const long LargestOctal = (1L << 33) - 1;

    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<long> _sizes;
    private readonly int[] _order; // Numbers of the files by name.
    private readonly long[] _starts; // Of the entries in that order, and the end of the last one.

    /// <param name="names">Paths with folders between slashes; distinct.</param>
    /// <param name="sizes">In bytes, in the order of the names.</param>
    public TarArchive(IReadOnlyList<string> names, IReadOnlyList<long> sizes)
    {
        _names = names;
        _sizes = sizes;
        _order = [.. Enumerable.Range(0, names.Count).OrderBy(file => names[file], StringComparer.Ordinal)];
        _starts = new long[names.Count + 1];
        foreach (var (place, file) in _order.Index())
        {
            _starts[place + 1] = _starts[place] + HeadLength(file) + Padded(sizes[file]);
        }
    }

    /// <summary>Bytes in all.</summary>
    public long Length => _starts[^1] + (EndBlocks * Block);

    /// <summary>A range of the archive's bytes.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="count">At most so many; fewer at the end.</param>
    /// <param name="read">Reads ranges of the files, after each other.</param>
    public async Task<byte[]> ReadAsync(long offset, int count, Func<IReadOnlyList<FilePart>, Task<byte[]>> read)
    {
        var range = new byte[Math.Max(0, Math.Min(count, Length - offset))];
        var end = offset + range.Length;
        var parts = new List<(int Place, FilePart Part)>();
        var first = Array.BinarySearch(_starts, offset);
        for (var place = first >= 0 ? first : ~first - 1; place < _order.Length && _starts[place] < end; place++)
        {
            var file = _order[place];
            var head = Head(file);
            Copy(head, _starts[place] - offset, range);
            var content = _starts[place] + head.Length;
            var (from, to) = (Math.Max(content, offset), Math.Min(content + _sizes[file], end));
            if (from < to)
            {
                parts.Add(((int)(from - offset), new FilePart(file, from - content, to - content)));
            }
        }

        if (parts.Count > 0)
        {
            Place(await read([.. parts.Select(part => part.Part)]), parts, range);
        }

        return range;
    }

    private static void Place(byte[] read, List<(int Place, FilePart Part)> parts, byte[] range)
    {
        var taken = 0;
        foreach (var (place, part) in parts)
        {
            var length = (int)(part.End - part.Start);
            if (taken + length > read.Length)
            {
                throw new IOException("A file has changed since it was dropped: drop the folder again.");
            }

            read.AsSpan(taken, length).CopyTo(range.AsSpan(place));
            taken += length;
        }
    }

    /// <summary>What of a text lies in a range.</summary>
    private static void Copy(byte[] source, long place, byte[] range)
    {
        var skipped = (int)Math.Clamp(-place, 0, source.Length);
        var target = (int)Math.Clamp(place, 0, range.Length);
        var length = Math.Min(source.Length - skipped, range.Length - target);
        source.AsSpan(skipped, length).CopyTo(range.AsSpan(target));
    }

    private int HeadLength(int file) => Block + (Records(file) is { } records ? Block + (int)Padded(records.Length) : 0);

    /// <summary>Header of an entry, after its extended header where its name or size does not fit into a plain one.</summary>
    private byte[] Head(int file)
    {
        var head = new byte[HeadLength(file)];
        var plain = head.AsSpan(head.Length - Block);
        if (Records(file) is { } records)
        {
            WriteHeader(head, "pax", records.Length, 'x');
            records.CopyTo(head.AsSpan(Block));
            WriteHeader(plain, $"file-{file}", Math.Min(_sizes[file], LargestOctal), '0');
        }
        else
        {
            WriteHeader(plain, _names[file], _sizes[file], '0');
        }

        return head;
    }

    /// <summary>Records of the extended header; null where none are needed.</summary>
    private byte[]? Records(int file)
    {
        var name = _names[file];
        var fits = name.Length <= NameLength && name.All(char.IsAscii);
        var text = $"{(fits ? null : Record("path", name))}{(_sizes[file] <= LargestOctal ? null : Record("size", Decimal(_sizes[file])))}";
        return text.Length == 0 ? null : Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A record begins with its own length in bytes, the digits of the length among them.</summary>
    private static string Record(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount($" {key}={value}\n");
        var length = rest + 1;
        while (length != rest + Decimal(length).Length)
        {
            length = rest + Decimal(length).Length;
        }

        return $"{Decimal(length)} {key}={value}\n";
    }

    private static void WriteHeader(Span<byte> header, string name, long size, char kind)
    {
        Encoding.ASCII.GetBytes(name, header);
        "0000644\0"u8.CopyTo(header[100..]);
        "0000000\00000000\0"u8.CopyTo(header[108..]);
        Octal(size, header[124..135]);
        Octal(0, header[136..147]);
        header[156] = (byte)kind;
        "ustar\000"u8.CopyTo(header[257..]);
        header[148..156].Fill((byte)' ');
        var sum = 0;
        foreach (var value in header[..Block])
        {
            sum += value;
        }

        Octal(sum, header[148..154]);
        header[154] = 0;
    }

    private static void Octal(long value, Span<byte> digits)
    {
        for (var place = digits.Length - 1; place >= 0; place--, value >>= 3)
        {
            digits[place] = (byte)('0' + (value & 7));
        }
    }

    private static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Padded(long size) => (size + Block - 1) / Block * Block;
}
