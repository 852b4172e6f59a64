using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Tests.Drawing.Png;

namespace CnnService.Core.Tests.Interpretation.Timelapse;

public sealed class TimelapseImageTests
{
    private const int Top = 4 + 18 + 4;
    private const int Label = 2 + 9 + 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Strip_TenEpochs_AreTwoRowsOfTheirTiles()
    {
        using var some = new SomeTimelapse().Until(9);
        var timelapse = await RenderAsync(some);

        var strip = NaivePng.Read(TimelapseImage.Strip(timelapse, new PngEncoder()));

        var tile = timelapse.Frames[0].Image;
        Assert.Equal((PatternPainter.Width * 10, PatternPainter.Height * 10), (tile.Width, tile.Height));
        Assert.Equal((4 + (5 * (tile.Width + 4)), Top + (2 * (tile.Height + Label))), (strip.Image.Width, strip.Image.Height));
        for (var i = 0; i < 10; i++)
        {
            var (left, top) = (4 + (i % 5 * (tile.Width + 4)), Top + (i / 5 * (tile.Height + Label)));
            Assert.Equal(timelapse.Frames[i].Image.Pixel(7, 9).ToArray(), strip.Image.Pixel(left + 7, top + 9).ToArray());
        }

        Assert.Equal(("run-1", "conv filter 2", "0,1,2,3,4,5,6,7,8,9"),
            (strip.Text["cnnservice:run"], strip.Text["cnnservice:subject"], strip.Text["cnnservice:epochs"]));
    }

    [Fact]
    public async Task Animation_EachFrame_IsItsTileOverTwoLinesAndTheLastStaysLonger()
    {
        using var some = new SomeTimelapse().Until(2);
        var timelapse = await RenderAsync(some);

        var moving = NaiveApng.Read(TimelapseImage.Animation(timelapse, TimeSpan.FromMilliseconds(250), new PngEncoder()));

        Assert.Equal([250, 250, 750], moving.Frames.Select(frame => frame.Milliseconds));
        foreach (var (frame, shown) in timelapse.Frames.Zip(moving.Frames))
        {
            Assert.Equal((120, 120 + 24), (shown.Image.Width, shown.Image.Height));
            Assert.Equal(frame.Image.Pixel(60, 50).ToArray(), shown.Image.Pixel(60, 50 + 10).ToArray()); // 100 high in a square of 120.
        }

        Assert.NotEqual(moving.Frames[0].Image.Data, moving.Frames[1].Image.Data); // The same tile, another epoch.
    }

    [Fact]
    public async Task Both_Twice_AreTheSameBytes()
    {
        using var some = new SomeTimelapse().Until(2);
        var (first, second) = (await RenderAsync(some), await RenderAsync(some));

        Assert.Equal(TimelapseImage.Strip(first, new PngEncoder()), TimelapseImage.Strip(second, new PngEncoder()));
        Assert.Equal(
            TimelapseImage.Animation(first, TimeSpan.FromSeconds(1), new PngEncoder()),
            TimelapseImage.Animation(second, TimeSpan.FromSeconds(1), new PngEncoder()));
    }

    private static async Task<RenderedTimelapse> RenderAsync(SomeTimelapse some) =>
        (await some.Timelapses.GetOrRenderAsync(
            TimelapsePlan.Create(some.Source(), new() { Layer = "conv", Filter = 2 }).Value, Cancel)).Value;
}
