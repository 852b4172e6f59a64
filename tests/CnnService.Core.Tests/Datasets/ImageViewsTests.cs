using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Tests.Datasets;

/// <summary>Views of an image, against what is worked out by hand.</summary>
public sealed class ImageViewsTests
{
    [Fact]
    public void Draw_Mirrored_TurnsLinesRoundAndKeepsColours()
    {
        byte[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        var target = new byte[18];

        ImageViews.Draw(image, (2, 3, 3), 1, target);

        Assert.Equal([7, 8, 9, 4, 5, 6, 1, 2, 3, 17, 18, 19, 14, 15, 16, 11, 12, 13], target);
    }

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.0)]
    [InlineData(6, 1.0)]
    public void Draw_ACropOfARamp_IsTheRampOfThatPart(int view, double column)
    {
        const int Side = 64;
        byte[] ramp = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)(3 * (i % Side)))];
        var target = new byte[ramp.Length];

        ImageViews.Draw(ramp, (Side, Side, 1), view, target);

        for (var x = 1; x < Side - 1; x++)
        {
            var place = (0.125 * Side * column) + ((x + 0.5) * 0.875) - 0.5;
            Assert.InRange(target[(10 * Side) + x] - (3 * place), -0.5001, 0.5001);
        }
    }

    [Fact]
    public void Draw_EveryView_IsAnother()
    {
        var image = Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray();
        var views = Enumerable.Range(0, ImageViews.Max).Select(view =>
        {
            var target = new byte[image.Length];
            ImageViews.Draw(image, (16, 16, 3), view, target);
            return Convert.ToHexString(target);
        });

        Assert.Distinct(views);
    }

    [Fact]
    public void Of_ThreeViews_AreTheImageItsMirrorImageAndACrop()
    {
        var image = new PixelBuffer(2, 2, 1, [0, 100, 0, 100]);

        var views = ImageViews.Of(image, 3);

        Assert.Same(image, views[0]);
        Assert.Equal([100, 0, 100, 0], views[1].Data);
        // Seven eighths around the middle: pixels a sixteenth of the side nearer to each other.
        Assert.Equal([6, 94, 6, 94], views[2].Data);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Of_OtherNumbers_Throws(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageViews.Of(new PixelBuffer(1, 1, 1), count));
}
