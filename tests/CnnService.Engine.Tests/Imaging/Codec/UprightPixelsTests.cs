using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;

namespace CnnService.Engine.Tests.Imaging.Codec;

/// <summary>Real JPEG files with each of EXIF's orientations.</summary>
public sealed class UprightPixelsTests : IDisposable
{
    private const int Wide = 48;
    private const int High = 32;

    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    /// <summary>
    /// Where the upright image's four corners are taken from in the stored one, as EXIF 2.3 defines the tag: the corner that row 0
    /// and column 0 stand for. Corners: 0 red, top left; 1 green, top right; 2 blue, bottom left; 3 white, bottom right.
    /// </summary>
    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3 })]
    [InlineData(2, new[] { 1, 0, 3, 2 })]
    [InlineData(3, new[] { 3, 2, 1, 0 })]
    [InlineData(4, new[] { 2, 3, 0, 1 })]
    [InlineData(5, new[] { 0, 2, 1, 3 })]
    [InlineData(6, new[] { 2, 0, 3, 1 })]
    [InlineData(7, new[] { 3, 1, 2, 0 })]
    [InlineData(8, new[] { 1, 3, 0, 2 })]
    public void Decode_AnOrientation_GivesTheImageUpright(int orientation, int[] corners)
    {
        var file = WithOrientation(Jpeg(), (byte)orientation);
        var turned = orientation >= 5;

        var header = _imaging.Decoder.ReadHeader(file).Value;
        var image = _imaging.Decoder.Decode(file, DecodeTarget.Original).Value;

        Assert.Equal(("image/jpeg", turned ? High : Wide, turned ? Wide : High), (header.MediaType, header.Width, header.Height));
        Assert.Equal((header.Width, header.Height), (image.Width, image.Height));
        Assert.Equal(corners, new[] { (4, 4), (image.Width - 5, 4), (4, image.Height - 5), (image.Width - 5, image.Height - 5) }
            .Select(at => Corner(image, at.Item1, at.Item2)));
    }

    [Fact]
    public void Decode_ScaledAndTurned_GivesTheSizeAskedFor()
    {
        var image = _imaging.Decoder.Decode(WithOrientation(Jpeg(), 6), new DecodeTarget(20, 30, 3)).Value;

        Assert.Equal((20, 30), (image.Width, image.Height));
        Assert.Equal([2, 0, 3, 1], new[] { (2, 3), (17, 3), (2, 26), (17, 26) }.Select(at => Corner(image, at.Item1, at.Item2)));
    }

    /// <summary>Which of the four colours is nearest.</summary>
    private static int Corner(PixelBuffer image, int x, int y)
    {
        var pixel = image.Data.AsSpan(((y * image.Width) + x) * 3, 3).ToArray();
        return Enumerable.Range(0, 4).MinBy(corner => Color(corner).Zip(pixel).Sum(pair => Math.Abs(pair.First - pair.Second)));
    }

    private static byte[] Color(int corner) => corner switch
    {
        0 => [255, 0, 0],
        1 => [0, 255, 0],
        2 => [0, 0, 255],
        _ => [255, 255, 255],
    };

    /// <summary>Four quarters of one colour each, as a baseline JPEG.</summary>
    private byte[] Jpeg()
    {
        var pixels = new byte[Wide * High * 3];
        for (var i = 0; i < Wide * High; i++)
        {
            Color((i % Wide >= Wide / 2 ? 1 : 0) + (i / Wide >= High / 2 ? 2 : 0)).CopyTo(pixels, 3 * i);
        }

        return _imaging.Thumbnailer.Create(new PngEncoder().Encode(new(Wide, High, 3, pixels), []), Wide).Value;
    }

    /// <summary>Puts an APP1 segment with a big-endian TIFF directory of one entry, 0x0112, behind the start of the file.</summary>
    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }
}
