using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Interpretation;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class RobustTransformsTests
{
    private static readonly Size2 Size = new(96, 128);

    [Fact]
    public void Draw_ManyTimes_StaysWithinItsRangesAndReachesTheirEnds()
    {
        var drawn = Enumerable.Range(0, 4000).Select(step => Read(RobustTransforms.Draw(new CounterRandom((ulong)step), Size, Size)))
            .ToList();
        Assert.Equal((-10, 10), (drawn.Min(t => t.Degrees), drawn.Max(t => t.Degrees)));
        Assert.Equal((0.9, 1.1), (drawn.Min(t => t.Scale), drawn.Max(t => t.Scale)));
        Assert.Equal((-6, 6), (drawn.Min(t => t.Right), drawn.Max(t => t.Right)));
        Assert.Equal((-6, 6), (drawn.Min(t => t.Down), drawn.Max(t => t.Down)));
        Assert.Equal(6 / 26.0, drawn.Average(t => t.Degrees == 0 ? 1 : 0), 0.03);
    }

    [Fact]
    public void Draw_SmallImage_IsShiftedByASixteenthOfItsSide()
    {
        var small = new Size2(32, 64);
        var drawn = Enumerable.Range(0, 1000).Select(step => RobustTransforms.Draw(new CounterRandom((ulong)step), small, small)).ToList();
        Assert.Equal(2, drawn.Max(matrix => Math.Round(matrix[5] * small.Height / 2)));
        Assert.Equal(4, drawn.Max(matrix => Math.Round(matrix[2] * small.Width / 2)));
    }

    [Fact]
    public void Draw_OfAClass_ShiftsBySevenPerCentOfTheSide()
    {
        var side = new Size2(224, 224);
        var drawn =
            Enumerable.Range(0, 2000).Select(step => RobustTransforms.Draw(new CounterRandom((ulong)step), side, side, isClass: true))
            .ToList();
        Assert.Equal((-16, 16), (drawn.Min(matrix => Math.Round(matrix[5] * 112)), drawn.Max(matrix => Math.Round(matrix[5] * 112))));
        Assert.Equal((-16, 16), (drawn.Min(matrix => Math.Round(matrix[2] * 112)), drawn.Max(matrix => Math.Round(matrix[2] * 112))));
    }

    [Fact]
    public void Draw_JitterOrNone_OnlyShiftsOrDoesNothing()
    {
        var jitter =
            Enumerable.Range(0, 500)
            .Select(step => Read(RobustTransforms.Draw(new CounterRandom((ulong)step), Size, Size, PatternTransforms.Jitter))).ToList();
        Assert.All(jitter, t => Assert.Equal((0, 1), (t.Degrees, t.Scale)));
        Assert.Equal((-6, 6), (jitter.Min(t => t.Right), jitter.Max(t => t.Right)));
        Assert.Equal([1.0, 0, 0, 0, 1, 0],
            RobustTransforms.Draw(new CounterRandom(3), Size, Size, PatternTransforms.None).Select(Math.Abs));
    }

    [Fact]
    public void Apply_NothingMoved_IsTheMiddleOfTheCanvas()
    {
        using var scope = NewDisposeScope();
        var canvas = tensor([.. Enumerable.Range(0, 240).Select(i => i / 240f)]).view(1, 1, 12, 20);
        var size = new Size2(8, 16);
        var seen = RobustTransforms.Apply(canvas, [16 / 20.0, 0, 0, 0, 8 / 12.0, 0], size);
        Assert.True(seen.allclose(canvas.narrow(2, 2, 8).narrow(3, 2, 16), atol: 1e-5));
    }

    [Fact]
    public void Apply_Shift_LooksAsideAndFillsWithGrey()
    {
        using var scope = NewDisposeScope();
        var image = ones(1, 3, 16, 16);
        var seen = RobustTransforms.Apply(image, [1, 0, 2.0 * 4 / 16, 0, 1, 0], new(16, 16));
        Assert.True(seen.narrow(3, 0, 12).allclose(ones(1, 3, 16, 12)));
        Assert.True(seen.narrow(3, 12, 4).allclose(full(1, 3, 16, 4, OwnedScalars.Create(0.5))));
    }

    /// <summary>The parameters, from how the matrix moves the corners in pixels.</summary>
    private static (double Degrees, double Scale, double Right, double Down) Read(double[] m)
    {
        var (xx, yx) = (m[0], m[3] * Size.Height / Size.Width);
        return (
            Math.Round(Math.Atan2(yx, xx) * 180 / Math.PI, 6),
            Math.Round(1 / Math.Sqrt((xx * xx) + (yx * yx)), 6),
            Math.Round(m[2] * Size.Width / 2, 6),
            Math.Round(m[5] * Size.Height / 2, 6));
    }
}
