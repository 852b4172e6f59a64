using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// A revision's file. It is opened for each use and holds nothing open in between, so that nobody has to close a data set.
/// Immutable and thread safe.
/// </summary>
internal sealed class RevisionFile
{
    private readonly RevisionLayout _layout;

    private RevisionFile(string path, RevisionLayout layout, RevisionHeader header)
    {
        (Path, _layout, Header) = (path, layout, header);
        Segments = [];
    }

    public string Path { get; }

    public RevisionHeader Header { get; }

    /// <summary>Number of images in this file.</summary>
    public int Rows => _layout.Rows;

    public int Rejected => _layout.Rejected;

    public IReadOnlyList<RevisionSegment> Segments { get; private init; }

    /// <summary>Reads what is read whole.</summary>
    /// <exception cref="InvalidDataException">It is no revision's file, or not all of one.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static RevisionFile Open(string path)
    {
        using var file = RegularFile.OpenRead(path);
        var preamble = new byte[RevisionLayout.PreambleBytes];
        var read = file.ReadAtLeast(preamble, preamble.Length, throwOnEndOfStream: false);
        var layout = RevisionLayout.Read(preamble.AsSpan(0, read), file.Length)
            ?? throw new InvalidDataException("it is no whole file of a revision");
        var handle = file.SafeFileHandle;
        var header = ReadExactly(handle, layout.HeaderAt, layout.HeaderBytes);
        var segments = ReadExactly(handle, layout.SegmentsAt, checked(layout.Segments * RevisionLayout.SegmentBytes));
        return new(path, layout, ReadHeader(header)) { Segments = ReadSegments(segments, layout.Rows) };
    }

    /// <summary>Opens it to read rows; dispose closes it.</summary>
    public RevisionRows OpenRows() => new(this, _layout);

    /// <summary>Rejected files from one on.</summary>
    public IReadOnlyList<RejectedFile> ReadRejected(int start, int count)
    {
        if (count == 0)
        {
            return [];
        }

        using var file = RegularFile.OpenRead(Path);
        var handle = file.SafeFileHandle;
        var entries = ReadExactly(
            handle, _layout.RejectedAt + ((long)start * RevisionLayout.RejectedBytes), count * RevisionLayout.RejectedBytes);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var entry = entries.AsSpan(i * RevisionLayout.RejectedBytes);
            int path = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]), reason = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);
            var text = ReadExactly(handle, _layout.TextAt + BinaryPrimitives.ReadInt64LittleEndian(entry), path + reason);
            return new RejectedFile(Encoding.UTF8.GetString(text.AsSpan(0, path)), Encoding.UTF8.GetString(text.AsSpan(path)));
        })];
    }

    /// <exception cref="InvalidDataException">The file ends before.</exception>
    internal static byte[] ReadExactly(Microsoft.Win32.SafeHandles.SafeFileHandle file, long at, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), at + done);
            done += read > 0 ? read : throw new InvalidDataException("it ends before its last part");
        }

        return bytes;
    }

    private static RevisionHeader ReadHeader(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<RevisionHeader>(json, CoreJson.Options) is { } header && header.FitsTogether
                ? header
                : throw new InvalidDataException("its header contradicts itself");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"its header does not read: {failure.Message}", failure);
        }
    }

    private static RevisionSegment[] ReadSegments(ReadOnlySpan<byte> bytes, int rows)
    {
        if (bytes.IsEmpty)
        {
            return [new(0, rows, false, 0)];
        }

        var segments = new RevisionSegment[bytes.Length / RevisionLayout.SegmentBytes];
        var start = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            var entry = bytes[(i * RevisionLayout.SegmentBytes)..];
            var count = BinaryPrimitives.ReadInt32LittleEndian(entry[8..]);
            segments[i] = new(start, count, BinaryPrimitives.ReadInt32LittleEndian(entry) == 1,
                BinaryPrimitives.ReadInt32LittleEndian(entry[4..]));
            start += count;
        }

        return segments;
    }
}
