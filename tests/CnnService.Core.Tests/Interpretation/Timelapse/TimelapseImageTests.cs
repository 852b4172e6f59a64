using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Timelapse;

public sealed class TimelapseImageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Strip_TenEpochs_AreTwoRowsOfTheirTiles()
    {
        using var some = new SomeTimelapse().Until(9);
        var timelapse = await RenderAsync(some);

        var strip = TimelapseImage.Strip(timelapse, "tag");

        var tiles = Laid.Out(strip.Figure).All<ImageShape>();
        Assert.Equal([5, 5], tiles.CountBy(tile => tile.Y).Select(row => row.Value));
        Assert.Equal(timelapse.Frames.Select(frame => frame.Image), tiles.Select(tile => tile.Image));
        Assert.All(tiles, tile => Assert.True(tile.Width >= 128 && tile.IsSmooth));
        Assert.Equal(("run-1", "conv filter 2", "0,1,2,3,4,5,6,7,8,9"),
            (strip.Told()["run"], strip.Told()["subject"], strip.Told()["epochs"]));
    }

    [Fact]
    public async Task Frames_EachEpoch_IsItsTileWithItsNumberAndTheLastStaysLonger()
    {
        using var some = new SomeTimelapse().Until(2);
        var timelapse = await RenderAsync(some);

        var frames = TimelapseImage.Frames(timelapse, TimeSpan.FromMilliseconds(250));

        Assert.Equal([250, 250, 750], frames.Select(frame => frame.Delay.TotalMilliseconds));
        foreach (var (number, frame) in frames.Index())
        {
            var scene = Laid.Out(frame.Figure);
            Assert.Same(timelapse.Frames[number].Image, Assert.Single(scene.All<ImageShape>()).Image);
            Assert.Contains($"epoch {number}", scene.Texts());
        }
    }

    private static async Task<RenderedTimelapse> RenderAsync(SomeTimelapse some) =>
        (await some.Timelapses.GetOrRenderAsync(
            TimelapsePlan.Create(some.Source(), new() { Layer = "conv", Filter = 2 }).Value, Cancel)).Value;
}
