using System.Buffers.Binary;
using System.Text;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// An image in a revision's file: 72 bytes. Its texts, the id and then the source, lie in the file's texts, those of neighbouring rows side
/// by side.
/// </summary>
internal readonly ref struct ImageRow(ReadOnlySpan<byte> row)
{
    public const int Bytes = 72;

    private const int HashBytes = 32;
    private const int MaxId = 255;

    private readonly ReadOnlySpan<byte> _row = row;

    /// <summary>Where its texts begin, counted from the first text.</summary>
    public long TextAt => BinaryPrimitives.ReadInt64LittleEndian(_row[52..]);

    public int IdBytes => _row[64];

    public int TextBytes => IdBytes + BinaryPrimitives.ReadInt32LittleEndian(_row[60..]);

    /// <summary>The size of an image's texts, bytes.</summary>
    public static int TextBytesOf(DatasetImage image) => Encoding.UTF8.GetByteCount(image.Id) + Encoding.UTF8.GetByteCount(image.Source);

    /// <param name="row">Receives the row.</param>
    /// <param name="image">The image.</param>
    /// <param name="mediaType">Index of its media type in the header's list.</param>
    /// <param name="textAt">Where its texts begin.</param>
    /// <exception cref="ArgumentException">Its hash is no SHA-256, or its id is too long.</exception>
    public static void Write(Span<byte> row, DatasetImage image, int mediaType, long textAt)
    {
        row.Clear();
        var idBytes = Encoding.UTF8.GetByteCount(image.Id);
        if (image.Sha256.Length != 2 * HashBytes || idBytes > MaxId)
        {
            throw new ArgumentException($"'{image.Id}' with the hash '{image.Sha256}' cannot be kept.", nameof(image));
        }

        Convert.FromHexString(image.Sha256, row[..HashBytes], out _, out _);
        BinaryPrimitives.WriteInt32LittleEndian(row[32..], image.Label);
        BinaryPrimitives.WriteInt32LittleEndian(row[36..], image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(row[40..], image.Height);
        BinaryPrimitives.WriteInt64LittleEndian(row[44..], image.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(row[52..], textAt);
        BinaryPrimitives.WriteInt32LittleEndian(row[60..], Encoding.UTF8.GetByteCount(image.Source));
        row[64] = (byte)idBytes;
        row[65] = (byte)image.Split;
        row[66] = checked((byte)mediaType);
    }

    /// <param name="text">Its texts.</param>
    /// <param name="mediaTypes">The header's list.</param>
    /// <param name="labels">The label by the label in the file; null where they are the same.</param>
    public DatasetImage Read(ReadOnlySpan<byte> text, IReadOnlyList<string> mediaTypes, IReadOnlyList<int>? labels)
    {
        var label = BinaryPrimitives.ReadInt32LittleEndian(_row[32..]);
        return new(
            Encoding.UTF8.GetString(text[..IdBytes]), (Split)_row[65], labels is null ? label : labels[label],
            Convert.ToHexStringLower(_row[..HashBytes]), mediaTypes[_row[66]],
            BinaryPrimitives.ReadInt32LittleEndian(_row[36..]), BinaryPrimitives.ReadInt32LittleEndian(_row[40..]),
            Encoding.UTF8.GetString(text[IdBytes..]))
        {
            Bytes = BinaryPrimitives.ReadInt64LittleEndian(_row[44..]),
        };
    }
}
