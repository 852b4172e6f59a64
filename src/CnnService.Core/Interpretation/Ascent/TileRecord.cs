using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// Binary format of a cached pattern: width, height, channels and length of the figures (little-endian, 32 bits each), the figures as JSON,
/// the pixels as zlib. The settings are left out, since the key of the record stands for them. The cache guarantees integrity; a record of
/// another version of the format reads as missing.
/// </summary>
internal static class TileRecord
{
    private const int HeaderBytes = 4 * sizeof(int);
    private const int MaxSide = 1 << 14;

    public static byte[] Write(PatternTile tile)
    {
        var figures = JsonSerializer.SerializeToUtf8Bytes(tile.Figures with { Settings = null }, CoreJson.Options);
        using var record = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, tile.Image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], tile.Image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], tile.Image.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], figures.Length);
        record.Write(header);
        record.Write(figures);
        using (var zlib = new ZLibStream(record, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(tile.Image.Data);
        }

        return record.ToArray();
    }

    /// <summary>Null if the bytes are not a valid record.</summary>
    /// <param name="record">As written by <see cref="Write"/>.</param>
    /// <param name="settings">Settings of the job that the record belongs to.</param>
    public static PatternTile? Read(byte[] record, PatternSettings settings)
    {
        if (record.Length < HeaderBytes)
        {
            return null;
        }

        int Field(int index) => BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(index * sizeof(int)));
        int width = Field(0), height = Field(1), channels = Field(2), length = Field(3);
        var isSound = width is >= 1 and <= MaxSide && height is >= 1 and <= MaxSide && channels is 1 or 3
            && length >= 0 && length <= record.Length - HeaderBytes;
        try
        {
            return isSound ? Read(record, width, height, channels, length, settings) : null;
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static PatternTile Read(byte[] record, int width, int height, int channels, int length, PatternSettings settings)
    {
        var figures = JsonSerializer.Deserialize<PatternFigures>(record.AsSpan(HeaderBytes, length), CoreJson.Options)
            ?? throw new JsonException("The figures are null.");
        var image = new PixelBuffer(width, height, channels);
        var start = HeaderBytes + length;
        using var zlib = new ZLibStream(new MemoryStream(record, start, record.Length - start), CompressionMode.Decompress);
        zlib.ReadExactly(image.Data);
        return new(image, figures with { Settings = settings });
    }
}
