using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging.Codec;

/// <summary>Broken and unusual files of the real world, each by the rule in the README beside them.</summary>
public sealed class SkiaImageDecoderTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    [Theory]
    [InlineData("basn2c16.png", 32, 32)]
    [InlineData("dispose_bgnd.gif", 100, 100)]
    [InlineData("hopper_16bit_qtables.jpg", 128, 128)]
    [InlineData("hopper_gray.jpg", 128, 128)]
    [InlineData("image01713.jpg", 49, 500)]
    [InlineData("junk_jpeg_header.jpg", 1024, 768)]
    [InlineData("p_trns_single.png", 64, 64)]
    [InlineData("pil_sample_cmyk.jpg", 100, 100)]
    [InlineData("portrait_6.jpg", 450, 600)]
    [InlineData("progressive.jpg", 308, 410)]
    [InlineData("transparent.webp", 200, 150)]
    public void Decode_UnusualImage_HasItsUprightSize(string file, int width, int height)
    {
        var image = _imaging.Decoder.Decode(Read(file), DecodeTarget.Original).Value;
        Assert.Equal((width, height, 3), (image.Width, image.Height, image.Channels));
    }

    [Theory]
    [InlineData("12bit.cropped.tif", "image.unsupported")]
    [InlineData("broken_data_stream.png", "image.unreadable image.truncated")]
    [InlineData("empty.jpg", "image.unreadable")]
    [InlineData("huge-dimensions.png", "image.too-large")]
    [InlineData("text.jpg", "image.unsupported")]
    [InlineData("truncated_jpeg.jpg", "image.truncated")]
    [InlineData("xdtn0g01.png", "image.unreadable image.truncated")]
    [InlineData("xs1n0g01.png", "image.unsupported")]
    [InlineData("zero_width.gif", "image.unreadable image.truncated")]
    public void Decode_BrokenFile_IsRefused(string file, string codes)
    {
        var problem = _imaging.Decoder.Decode(Read(file), new DecodeTarget(150, 150, 3)).Problem;
        Assert.NotNull(problem);
        Assert.Contains(problem.Code, codes.Split(' '));
    }

    [Fact]
    public void Decode_TextChunksThatInflate_StayBounded()
    {
        var file = Read("png_decompression_dos.png");
        var before = GC.GetTotalMemory(forceFullCollection: true) + Resident();
        for (var i = 0; i < 20; i++)
        {
            _ = _imaging.Decoder.Decode(file, new DecodeTarget(150, 150, 3));
        }

        Assert.True(Resident() - before < 64 << 20, "20 decodes took more than 64 MB");
    }

    [Fact]
    public void Decode_TruncatedFileWhenAllowed_GivesWhatThereIs() => Assert.Equal(
        100, _imaging.Decoder.Decode(Read("truncated_jpeg.jpg"), DecodeTarget.Original with { AllowTruncated = true }).Value.Width);

    [Fact]
    public void Decode_16BitPng_TakesTheHighByte()
    {
        // PngSuite's basn2c16 is a gradient over the whole range: clipping instead of scaling would leave almost all of it white.
        var image = _imaging.Decoder.Decode(Read("basn2c16.png"), DecodeTarget.Original).Value;
        Assert.InRange(image.Data.Average(value => value), 60, 190);
        Assert.True(image.Data.Distinct().Count() > 30);
    }

    public void Dispose() => _imaging.Dispose();

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static byte[] Read(string file) => File.ReadAllBytes(SharedData.Path("odd-images", file));
}
