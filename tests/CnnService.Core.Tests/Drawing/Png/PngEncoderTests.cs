using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;

namespace CnnService.Core.Tests.Drawing.Png;

public sealed class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(37, 19, 1)]
    [InlineData(19, 37, 3)]
    [InlineData(300, 2, 3)]
    [InlineData(85, 64, 3)]
    [InlineData(86, 64, 3)]
    public void Encode_AnySize_DecodesToTheSamePixels(int width, int height, int channels)
    {
        var random = new CounterRandom(7, (ulong)width);
        var image = new PixelBuffer(width, height, channels);
        for (var i = 0; i < image.Data.Length; i++)
        {
            // Smooth in one half, noise in the other, so that several row filters win.
            image.Data[i] = (byte)(i % (width * channels) < width * channels / 2 ? i / channels : random.NextInt32(256));
        }

        var read = NaivePng.Read(new PngEncoder().Encode(image, []));

        Assert.Equal((width, height, channels), (read.Image.Width, read.Image.Height, read.Image.Channels));
        Assert.Equal(image.Data, read.Image.Data);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Encode_ImagesRoughOrSmooth_AreNoLargerThanHoldsForTheirKind(int roughness)
    {
        var random = new CounterRandom(3, 0);
        var image = new PixelBuffer(200, 200, 3);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)(100 + (i % 600 / 6) + random.NextInt32((2 * roughness) + 1));
        }

        // What is left of a value after the best filter has at most so many bits; a little is lost to the code.
        var bits = roughness == 0 ? 0.1 : Math.Log2((4 * roughness) + 2) + 0.5;
        Assert.InRange(new PngEncoder().Encode(image, []).Length, 100, image.Data.Length * bits / 8);
    }

    [Fact]
    public void Encode_Text_StandsInTheFile()
    {
        var file = new PngEncoder().Encode(new PixelBuffer(2, 2, 1), [new("cnnservice:layer", "conv_1"), new("cnnservice:seed", "7")]);

        var text = NaivePng.Read(file).Text;

        Assert.Equal("conv_1", text["cnnservice:layer"]);
        Assert.Equal("7", text["cnnservice:seed"]);
    }
}
