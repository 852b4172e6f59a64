using System.Diagnostics;
using System.Text;
using CnnService.Core.Datasets;
using CnnService.Imaging.Import.Unpacking;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>Tar archives in every compression, and damaged or greedy ones.</summary>
public sealed class CompressedArchivesTests : IDisposable
{
    /// <summary>Bytes of the tar in the first part of a file of two parts.</summary>
    private const int FirstPart = 3000;

    private readonly TestImaging _imaging = new(limits => limits.MaxRatio = 20);

    public static TheoryData<string> Kinds => [.. CompressedTars.Base64.Keys];

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Import_OfACompressedTar_FindsItsImages(string kind)
    {
        var path = Path.Combine(_imaging.Folder, "a.tar");
        await File.WriteAllBytesAsync(path, CompressedTars.Bytes(kind), TestContext.Current.CancellationToken);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal(["a", "b"], imported.Value.Classes);
        Assert.Equal(["a/0.png", "a/1.png", "b/0.png", "b/1.png"], imported.Value.Images.Select(image => image.Source).Order());
        Assert.Empty(imported.Value.Rejected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unpack_OfAFileThatBreaksOff_IsADamageAtEveryLength(string kind)
    {
        var whole = CompressedTars.Bytes(kind);
        var isOfTwo = kind.Contains("two", StringComparison.Ordinal); // Cut between the parts, the first one is whole.
        for (var length = Decompressor.SignatureBytes; length < whole.Length; length++)
        {
            var content = Unpack(whole[..length]);
            Assert.True(content is null || (isOfTwo && content.Length == FirstPart), $"{length} of {whole.Length}: {content?.Length}");
        }
    }

    [Theory]
    [InlineData("xz with CRC-32")]
    [InlineData("xz with CRC-64")]
    [InlineData("xz with SHA-256")]
    [InlineData("xz of six blocks")]
    public void Unpack_OfXzWithAnyBitFlipped_IsADamageOrChangesNothing(string kind)
    {
        var whole = CompressedTars.Bytes(kind);
        var content = Drain(whole);
        for (var bit = 8 * Decompressor.SignatureBytes; bit < 8 * whole.Length; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Unpack(damaged) is not { } other || other.AsSpan().SequenceEqual(content), $"bit {bit} of {8 * whole.Length}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unpack_OfAFileWithAFlippedBit_GivesBytesOrADamage(string kind)
    {
        var whole = CompressedTars.Bytes(kind);
        for (var bit = 8 * Decompressor.SignatureBytes; bit < 8 * whole.Length; bit += 5)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Unpack(damaged); // Throws nothing but what it catches.
        }
    }

    [Fact]
    public void Unpack_OfXzThatWantsALargeDictionary_SaysHowLarge()
    {
        // The properties byte of LZMA2 in the first block's header, behind its size, flags, id and length; then the header's check.
        var greedy = CompressedTars.Bytes("xz with CRC-32");
        greedy[12 + 4] = 32; // (2 + 0) << (32/2 + 11): 256 MiB
        BitConverter.GetBytes(ReflectedCrc.Compute32(greedy.AsSpan(12, 8))).CopyTo(greedy, 12 + 8);

        var refused = Assert.Throws<InvalidDataException>(() => Drain(greedy));

        Assert.Contains("a dictionary of 256 MB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_OfZstandardThatWantsALargeWindow_IsRefused() => // The header of a frame with a window of 2^28, and an empty block.
        Assert.Throws<InvalidDataException>(() => Drain(Convert.FromHexString("28B52FFD" + "00" + "90" + "010000")));

    [Theory]
    [InlineData("xz", "--lzma2=dict=64KiB,nice=273")]
    [InlineData("xz", "-0")]
    [InlineData("xz", "--lzma2=preset=6,lc=0,lp=4,pb=4")]
    [InlineData("xz", "-9 -T2 --block-size=1000000")]
    [InlineData("bzip2", "-9")]
    [InlineData("zstd", "-q -19")]
    public async Task Unpack_OfWhatTheProgramPacked_IsTheContent(string program, string arguments)
    {
        var content = new byte[5_000_000];
        for (var i = 0; i < content.Length; i++) // Long repetitions, and a part that does not compress.
        {
            content[i] = (byte)(i % 100_000 < 20_000 ? (uint)i * 2654435761u >> 13 : (uint)(((i >> 18) * 7) ^ ((i % 977 * 31) >> 3)));
        }

        var packed = await PackAsync(program, arguments, content);

        Assert.True(packed.Length < content.Length);
        Assert.Equal(content, Drain(packed));
    }

    [Theory]
    [InlineData("xz", "-9e")]
    [InlineData("bzip2", "-9")]
    [InlineData("zstd", "-q -19")]
    [InlineData("gzip", "-9")]
    public async Task Import_OfABombInAHiddenFile_IsRefused(string program, string arguments)
    {
        var tar = SomeImages.Pack("tar", _imaging.Folder, [(".cache/zeros", new byte[40 << 20]), ("a/1.png", SomeImages.Png(1))]);
        var content = await File.ReadAllBytesAsync(tar, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(tar, await PackAsync(program, arguments, content), TestContext.Current.CancellationToken);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, tar);

        Assert.Equal("dataset.archive-bomb", imported.Problem?.Code);
    }

    [Theory]
    [InlineData("377ABCAF271C0004", "7z")]
    [InlineData("526172211A0700CF", "RAR")]
    public async Task Import_OfAnotherKindOfArchive_NamesIt(string start, string kind)
    {
        var path = Path.Combine(_imaging.Folder, "other");
        await File.WriteAllBytesAsync(path, Convert.FromHexString(start), TestContext.Current.CancellationToken);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal("dataset.archive-unreadable", imported.Problem?.Code);
        Assert.Contains(kind, imported.Problem?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789", 0xCBF43926, 0x995DC9BBDF1939FA)] // The check values of CRC-32 and CRC-64/XZ.
    public void ReflectedCrc_OfTheUsualText_HasItsCheckValue(string text, uint expected32, ulong expected64)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var crc = ReflectedCrc.Of64Bits();
        crc.Append(bytes.AsSpan(0, 4));
        crc.Append(bytes.AsSpan(4));

        Assert.Equal(expected32, ReflectedCrc.Compute32(bytes));
        Assert.Equal(expected64, crc.Value);
    }

    /// <summary>The bytes unpacked; null where the file is damaged.</summary>
    private static byte[]? Unpack(byte[] file)
    {
        try
        {
            return Drain(file);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static byte[] Drain(byte[] file)
    {
        using var stream = new Decompressor(Decompressor.Detect(file), new MemoryStream(file), _ => { });
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>What a program of the system makes of the content; skips the test where it is absent.</summary>
    private static async Task<byte[]> PackAsync(string program, string arguments, byte[] content)
    {
        if (!File.Exists($"/usr/bin/{program}"))
        {
            Assert.Skip($"needs the program {program}");
        }

        var start = new ProcessStartInfo($"/usr/bin/{program}", $"{arguments} -c")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var packed = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(packed, TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(content, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return packed.ToArray();
    }
}
