using System.Buffers.Binary;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// Where the parts of a revision's file lie. A preamble of fixed size; the images' rows, of fixed size, in the revision's order; the
/// numbers of the rows in the order of the images' ids; the segments that the revision is put together from; the entries of the rejected
/// files; the texts that rows and entries refer to; the header as JSON. Numbers are little-endian.
/// </summary>
/// <param name="Rows">Number of images in this file.</param>
/// <param name="Segments">Number of segments; 0: the revision is the rows of this file.</param>
/// <param name="Rejected">Number of rejected files.</param>
/// <param name="TextBytes">Size of the texts.</param>
/// <param name="HeaderBytes">Size of the header.</param>
internal readonly record struct RevisionLayout(int Rows, int Segments, int Rejected, long TextBytes, int HeaderBytes)
{
    public const int PreambleBytes = 64;
    public const int IndexBytes = sizeof(int);
    public const int SegmentBytes = 3 * sizeof(int);
    public const int RejectedBytes = sizeof(long) + (2 * sizeof(int));

    /// <summary>"CNNREV" and the version of the format.</summary>
    private const ulong Magic = 0x01_00_56_45_52_4E_4E_43;

    public static long RowsAt => PreambleBytes;

    public long IndexAt => RowsAt + ((long)Rows * ImageRow.Bytes);

    public long SegmentsAt => IndexAt + ((long)Rows * IndexBytes);

    public long RejectedAt => SegmentsAt + ((long)Segments * SegmentBytes);

    public long TextAt => RejectedAt + ((long)Rejected * RejectedBytes);

    public long HeaderAt => TextAt + TextBytes;

    public long FileBytes => HeaderAt + HeaderBytes;

    /// <summary>Null where the bytes are not the beginning of a revision's file of this length.</summary>
    public static RevisionLayout? Read(ReadOnlySpan<byte> preamble, long fileBytes)
    {
        if (preamble.Length < PreambleBytes || BinaryPrimitives.ReadUInt64LittleEndian(preamble) != Magic)
        {
            return null;
        }

        var layout = new RevisionLayout(
            BinaryPrimitives.ReadInt32LittleEndian(preamble[8..]), BinaryPrimitives.ReadInt32LittleEndian(preamble[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(preamble[16..]), BinaryPrimitives.ReadInt64LittleEndian(preamble[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(preamble[20..]));
        return layout is { Rows: >= 0, Segments: >= 0, Rejected: >= 0, TextBytes: >= 0, HeaderBytes: >= 0 }
            && layout.FileBytes == fileBytes ? layout : null;
    }

    public void Write(Span<byte> preamble)
    {
        preamble.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(preamble, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[8..], Rows);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[12..], Segments);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[16..], Rejected);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[20..], HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(preamble[24..], TextBytes);
    }
}
