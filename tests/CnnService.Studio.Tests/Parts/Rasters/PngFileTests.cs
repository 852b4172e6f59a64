using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Tests.Parts.Rasters;

public sealed class PngFileTests
{
    [Fact]
    public void EncodeIndexed_OfSixValues_IsAFileOfThem()
    {
        var chunks = Read(PngFile.EncodeIndexed([0, 1, 2, 253, 254, 255], 3, Palette.Viridis));

        Assert.Equal(["IHDR", "PLTE", "IDAT", "IEND"], chunks.Select(chunk => chunk.Name));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0], chunks[0].Content);
        Assert.Equal([0, 0, 1, 2, 0, 253, 254, 255], Inflate(chunks[2].Content)); // Each row begins with its filter, none.
    }

    [Fact]
    public void EncodeRgb_OfTwoPixels_IsAFileOfThem()
    {
        var chunks = Read(PngFile.EncodeRgb([1, 2, 3, 4, 5, 6], 1));

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 2, 8, 2, 0, 0, 0], chunks[0].Content);
        Assert.Equal([0, 1, 2, 3, 0, 4, 5, 6], Inflate(chunks[1].Content));
    }

    [Fact]
    public void Encode_EndsWithTheCheckSumOfTheSpecification() => Assert.Equal(
        [0xAE, 0x42, 0x60, 0x82], PngFile.EncodeIndexed([0], 1, Palette.Gray)[^4..]); // CRC of IEND, as in every PNG file.

    [Fact]
    public void EncodeIndexed_OfAnIncompleteRow_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PngFile.EncodeIndexed([1, 2, 3], 2, Palette.Gray));

    [Theory]
    [InlineData(0, "440154")]
    [InlineData(128, "21918c")]
    [InlineData(255, "fde725")]
    public void Viridis_IsMatplotlibs(int value, string color) =>
        Assert.Equal(color, Convert.ToHexStringLower(Palette.Viridis.Bytes.Slice(3 * value, 3)));

    [Fact]
    public void Split_OfTwoMaps_KeepsRows()
    {
        var bytes = new byte[4 * 12];
        for (var i = 0; i < 12; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), i);
        }

        var maps = NumberMap.Split(bytes, 2, 3);

        Assert.Equal(2, maps.Count);
        Assert.Equal(11, maps[1][1, 2]);
        Assert.Equal((6, 11), (maps[1].Min, maps[1].Max));
    }

    private static List<(string Name, byte[] Content)> Read(byte[] file)
    {
        Assert.Equal([137, 80, 78, 71, 13, 10, 26, 10], file[..8]);
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }

    private static byte[] Inflate(byte[] packed)
    {
        using var reader = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        reader.CopyTo(plain);
        return plain.ToArray();
    }
}
