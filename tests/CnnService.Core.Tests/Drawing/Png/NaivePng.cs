using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Drawing.Png;

/// <summary>Reads 8-bit grey and RGB PNG files by the letter of the standard, checksums included.</summary>
internal sealed record NaivePng(PixelBuffer Image, IReadOnlyDictionary<string, string> Text)
{
    public static NaivePng Read(byte[] file)
    {
        Assert.Equal(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }, file[..8]);
        var text = new Dictionary<string, string>();
        int width = 0, height = 0, channels = 0, at = 8;
        using var data = new MemoryStream();
        while (at < file.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var type = Encoding.ASCII.GetString(file, at + 4, 4);
            var body = file.AsSpan(at + 8, length);
            Assert.Equal(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            switch (type)
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                    Assert.Equal(8, body[8]);
                    channels = body[9] switch { 0 => 1, 2 => 3, var other => throw new InvalidDataException($"colour type {other}") };
                    break;
                case "tEXt":
                    var end = body.IndexOf((byte)0);
                    text.Add(Encoding.Latin1.GetString(body[..end]), Encoding.Latin1.GetString(body[(end + 1)..]));
                    break;
                case "IDAT":
                    data.Write(body);
                    break;
            }

            at += 12 + length;
        }

        return new(Unfilter(Inflate(data), width, height, channels), text);
    }

    private static byte[] Inflate(MemoryStream data)
    {
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }

    private static PixelBuffer Unfilter(byte[] rows, int width, int height, int channels)
    {
        var stride = width * channels;
        Assert.Equal((stride + 1) * height, rows.Length);
        var image = new PixelBuffer(width, height, channels);
        int At(int y, int i) => y < 0 || i < 0 ? 0 : image.Data[(y * stride) + i];
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < stride; i++)
            {
                int a = At(y, i - channels), b = At(y - 1, i), c = i < channels ? 0 : At(y - 1, i - channels), p = a + b - c;
                var nearest = new[] { a, b, c }.MinBy(one => Math.Abs(p - one));
                var predicted = rows[y * (stride + 1)] switch
                {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => nearest,
                    var other => throw new InvalidDataException($"row filter {other}"),
                };
                image.Data[(y * stride) + i] = (byte)(rows[(y * (stride + 1)) + 1 + i] + predicted);
            }
        }

        return image;
    }

    /// <summary>Bit by bit, as the standard defines it.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
