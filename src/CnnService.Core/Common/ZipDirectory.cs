using System.Buffers.Binary;

namespace CnnService.Core.Common;

/// <summary>
/// The list of entries at the end of a zip file. <see cref="System.IO.Compression.ZipArchive"/> takes all of it into memory, however long
/// it is and whatever number of entries the file states: some bytes in the file for each hundred bytes of memory.
/// </summary>
public static class ZipDirectory
{
    private const int EndSize = 22;
    private const int LocatorSize = 20;
    private const int LargeEndSize = 56;
    private const int HeaderSize = 46;
    private const uint EndMark = 0x06054B50;
    private const uint LocatorMark = 0x07064B50;
    private const uint LargeEndMark = 0x06064B50;
    private const uint HeaderMark = 0x02014B50;

    /// <summary>Whether the list is longer than this; false too for what is no zip.</summary>
    /// <param name="file">Can seek; its position is the same afterwards.</param>
    /// <param name="maxEntries">Files and folders.</param>
    /// <param name="maxBytes">Of the list itself.</param>
    public static bool Exceeds(Stream file, long maxEntries, long maxBytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        var position = file.Position;
        try
        {
            return FindStart(file) is { } start && Exceeds(file, start, maxEntries, maxBytes);
        }
        finally
        {
            file.Position = position;
        }
    }

    private static bool Exceeds(Stream file, long start, long maxEntries, long maxBytes)
    {
        var header = new byte[HeaderSize];
        var (entries, at) = (0L, start);
        while (Read(file, at, header) && UInt32(header, 0) == HeaderMark)
        {
            at += HeaderSize + UInt16(header, 28) + UInt16(header, 30) + UInt16(header, 32);
            if (++entries > maxEntries || at - start > maxBytes)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The record at the end of a zip and where it lies, found as the reader of .NET finds it: by its last mark; null where there is none.
    /// Moves the position.
    /// </summary>
    /// <param name="file">Can seek.</param>
    public static (long Position, byte[] Record)? FindEnd(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tail = new byte[(int)Math.Min(file.Length, EndSize + ushort.MaxValue)];
        if (!Read(file, file.Length - tail.Length, tail))
        {
            return null;
        }

        for (var at = tail.Length - EndSize; at >= 0; at--)
        {
            if (UInt32(tail, at) == EndMark)
            {
                return (file.Length - tail.Length + at, tail[at..(at + EndSize)]);
            }
        }

        return null;
    }

    /// <summary>Where the list begins.</summary>
    private static long? FindStart(Stream file) =>
        FindEnd(file) is { } end ? FindLargeStart(file, end.Position) ?? UInt32(end.Record, 16) : null;

    /// <summary>The start by the records of the 64-bit form, which lie before the end; null where they are not there.</summary>
    private static long? FindLargeStart(Stream file, long end)
    {
        var (locator, record) = (new byte[LocatorSize], new byte[LargeEndSize]);
        return Read(file, end - LocatorSize, locator) && UInt32(locator, 0) == LocatorMark
            && Read(file, Int64(locator, 8), record) && UInt32(record, 0) == LargeEndMark
                ? Int64(record, 48)
                : null;
    }

    private static bool Read(Stream file, long at, byte[] target)
    {
        if (at < 0 || at > file.Length - target.Length)
        {
            return false;
        }

        file.Position = at;
        file.ReadExactly(target);
        return true;
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
