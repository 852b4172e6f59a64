using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;

namespace CnnService.Core.Tests.Drawing.Png;

public sealed class PngAnimationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 5)]
    public void Animate_Frames_DecodeToTheSamePixelsInOrder(int channels, int count)
    {
        AnimationFrame[] frames = [
            .. Enumerable.Range(0, count)
                .Select(i => new AnimationFrame(Image(17, 11, channels, i), TimeSpan.FromMilliseconds(100 * (i + 1))))];

        var read = NaiveApng.Read(new PngEncoder().EncodeAnimation(frames, []));

        Assert.Equal(0, read.Plays);
        Assert.Equal(frames.Select(frame => frame.Image.Data), read.Frames.Select(frame => frame.Image.Data));
        Assert.Equal(Enumerable.Range(1, count).Select(i => 100 * i), read.Frames.Select(frame => frame.Milliseconds));
    }

    [Fact]
    public void Animate_Chunks_StandInTheStandardsOrder()
    {
        var file = new PngEncoder().EncodeAnimation([Frame(0), Frame(1), Frame(2)], [new("cnnservice:run", "r")]);

        Assert.Equal(["IHDR", "sRGB", "tEXt", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"], NaiveApng.Read(file).Chunks);
    }

    [Fact]
    public void Animate_ReadAsAPlainImage_IsTheFirstFrame()
    {
        var read = NaivePng.Read(new PngEncoder().EncodeAnimation([Frame(4), Frame(5)], [new("cnnservice:run", "r")]));

        Assert.Equal(Frame(4).Image.Data, read.Image.Data);
        Assert.Equal("r", read.Text["cnnservice:run"]);
    }

    [Fact]
    public void Animate_FramesOfSeveralSizesOrNone_IsABrokenContract()
    {
        var wider = new AnimationFrame(Image(18, 11, 3, 0), TimeSpan.Zero);
        Assert.Throws<ArgumentException>(() => new PngEncoder().EncodeAnimation([Frame(0), wider], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PngEncoder().EncodeAnimation([], []));
    }

    private static AnimationFrame Frame(int number) => new(Image(17, 11, 3, number), TimeSpan.FromMilliseconds(40));

    private static PixelBuffer Image(int width, int height, int channels, int seed)
    {
        var random = new CounterRandom(11, (ulong)seed);
        var image = new PixelBuffer(width, height, channels);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)(i % 2 == 0 ? i + seed : random.NextInt32(256));
        }

        return image;
    }
}
