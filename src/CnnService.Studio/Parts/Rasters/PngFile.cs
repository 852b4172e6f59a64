using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnService.Studio.Parts.Rasters;

/// <summary>
/// PNG files made in the page: so a map that came as numbers is drawn without asking for it a second time.
/// </summary>
internal static class PngFile
{
    private const string AddressStart = "data:image/png;base64,";

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(value => CrcOf((uint)value))];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A file as an address that an image element takes.</summary>
    public static string ToAddress(byte[] file) => AddressStart + Convert.ToBase64String(file);

    /// <summary>A picture of at most 256 colours.</summary>
    /// <param name="values">Numbers of colours, row by row.</param>
    /// <param name="width">Of a row, from 1.</param>
    /// <param name="palette">The colours.</param>
    public static byte[] EncodeIndexed(ReadOnlySpan<byte> values, int width, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(palette);
        return Encode(values, width, width, 3, palette.Bytes);
    }

    /// <summary>A picture of any colours.</summary>
    /// <param name="values">Red, green and blue of each pixel, row by row.</param>
    /// <param name="width">Pixels of a row, from 1.</param>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> values, int width) => Encode(values, width, 3 * width, 2, []);

    /// <summary>A picture that can be seen through.</summary>
    /// <param name="values">Red, green, blue and cover of each pixel, row by row.</param>
    /// <param name="width">Pixels of a row, from 1.</param>
    public static byte[] EncodeRgba(ReadOnlySpan<byte> values, int width) => Encode(values, width, 4 * width, 6, []);

    /// <summary>Writes a chunk with its length and check sum.</summary>
    internal static void WriteChunk(Stream file, string name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        var kind = Encoding.ASCII.GetBytes(name);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Check(Check(uint.MaxValue, kind), content));
        file.Write(number);
    }

    private static byte[] Encode(ReadOnlySpan<byte> values, int width, int stride, byte kind, ReadOnlySpan<byte> palette)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length % stride, 0);
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], values.Length / stride);
        header[8] = 8; // Bits.
        header[9] = kind; // 2: red, green and blue; 3: numbers of colours; 6: with how much it covers.
        WriteChunk(file, "IHDR", header);
        if (palette.Length > 0)
        {
            WriteChunk(file, "PLTE", palette);
        }

        WriteChunk(file, "IDAT", Compress(values, stride));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Compress(ReadOnlySpan<byte> values, int stride)
    {
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Fastest, true))
        {
            for (var row = 0; row < values.Length; row += stride)
            {
                packer.WriteByte(0); // No filter.
                packer.Write(values.Slice(row, stride));
            }
        }

        return packed.ToArray();
    }

    private static uint Check(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            sum = CrcTable[(sum ^ one) & 0xFF] ^ (sum >> 8);
        }

        return sum;
    }

    private static uint CrcOf(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 1 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
