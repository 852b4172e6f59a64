using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Core.Tests.Datasets;

public sealed class AugmentationSamplerTests
{
    private const int Width = 60;
    private const int Height = 40;
    private const int Many = 4000;

    [Fact]
    public void Draw_SameImageAndEpoch_IsTheSame_AnyOtherIsAnother()
    {
        var change = Draw(AugmentationSpec.Strong);
        Assert.Equal(change, Draw(AugmentationSpec.Strong));
        Assert.NotEqual(change, Draw(AugmentationSpec.Strong, seed: 2));
        Assert.NotEqual(change, Draw(AugmentationSpec.Strong, epoch: 1));
        Assert.NotEqual(change, Draw(AugmentationSpec.Strong, index: 1));
    }

    [Fact]
    public void Draw_None_ChangesNothing()
    {
        var change = Draw(AugmentationSpec.None);
        Assert.Equal((7.0, 3.0), change.Map.Apply(7, 3));
        Assert.Equal((false, false), (change.MirrorHorizontal, change.MirrorVertical));
        Assert.Equal((1.0, 1.0, 1.0), (change.Brightness, change.Contrast, change.Saturation));
        Assert.Equal((change.Cutout.Left, change.Cutout.Top), (change.Cutout.Right, change.Cutout.Bottom));
    }

    [Fact]
    public void Draw_OneFieldMore_LeavesTheChanceOfTheOthers()
    {
        var shifted = Draw(new() { WidthShift = 0.3, Cutout = 0.5 });
        var and = Draw(new() { WidthShift = 0.3, Cutout = 0.5, Brightness = 0.4, Saturation = 0.2 });
        Assert.Equal((shifted.Map, shifted.Cutout), (and.Map, and.Cutout));
    }

    [Fact]
    public void Draw_Rotation_FillsItsRangeEvenly()
    {
        var degrees = All(new() { Rotation = 40 }).Select(c => Math.Atan2(c.Map.XY, c.Map.XX) * 180 / Math.PI).ToList();
        AssertUniform(degrees, -40, 40);
    }

    [Fact]
    public void Draw_Shifts_AreSharesOfTheSides()
    {
        var changes = All(new() { WidthShift = 0.2, HeightShift = 0.1 });
        AssertUniform([.. changes.Select(c => c.Map.X)], -12, 12);
        AssertUniform([.. changes.Select(c => c.Map.Y)], -4, 4);
    }

    [Fact]
    public void Draw_ShearAndZoom_FillTheirRangesEvenlyAndApart()
    {
        AssertUniform([.. All(new() { Shear = 0.2 }).Select(c => c.Map.YX)], -0.2, 0.2);
        var zoomed = All(new() { Zoom = 0.3 });
        AssertUniform([.. zoomed.Select(c => c.Map.XX)], 0.7, 1.3);
        AssertUniform([.. zoomed.Select(c => c.Map.YY)], 0.7, 1.3);
        Assert.NotEqual(zoomed[0].Map.XX, zoomed[0].Map.YY);
    }

    [Fact]
    public void Draw_Flips_ComeHalfTheTimeAndApart()
    {
        var changes = All(new() { HorizontalFlip = true, VerticalFlip = true });
        Assert.Equal(0.5, changes.Average(c => c.MirrorHorizontal ? 1 : 0), 0.03);
        Assert.Equal(0.5, changes.Average(c => c.MirrorVertical ? 1 : 0), 0.03);
        Assert.Equal(0.25, changes.Average(c => c is { MirrorHorizontal: true, MirrorVertical: true } ? 1 : 0), 0.03);
        Assert.All(changes, c => Assert.Equal(c.MirrorHorizontal, c.Map.XX < 0));
        Assert.All(changes, c => Assert.Equal(c.MirrorVertical, c.Map.YY < 0));
    }

    [Fact]
    public void Draw_Colours_FillTheirRangesEvenly()
    {
        var changes = All(new() { Brightness = 0.5, Contrast = 0.3, Saturation = 0.9 });
        AssertUniform([.. changes.Select(c => c.Brightness)], 0.5, 1.5);
        AssertUniform([.. changes.Select(c => c.Contrast)], 0.7, 1.3);
        AssertUniform([.. changes.Select(c => c.Saturation)], 0.1, 1.9);
    }

    [Fact]
    public void Draw_Cutout_HasItsSideAndItsMiddleInTheImage()
    {
        var boxes = All(new() { Cutout = 0.5 }).ConvertAll(c => c.Cutout);
        Assert.All(boxes, box => Assert.Equal((30, 20), (box.Right - box.Left, box.Bottom - box.Top)));
        Assert.Equal((-15, 44), (boxes.Min(box => box.Left), boxes.Max(box => box.Left)));
        Assert.Equal((-10, 29), (boxes.Min(box => box.Top), boxes.Max(box => box.Top)));
    }

    [Fact]
    public void Draw_AllMoves_AreKerasOrder()
    {
        // Keras turns the shifted, sheared, zoomed, mirrored output pixel; the parts are told apart by their closed forms.
        var spec = AugmentationSpec.Article;
        var turn = Angle(spec with { WidthShift = 0, HeightShift = 0, Shear = 0, Zoom = 0, HorizontalFlip = false });
        var change = Draw(spec).Map;
        var (sin, cos) = Math.SinCos(-turn);
        Assert.Equal(0, (cos * change.XY) + (sin * change.YY), 1e-9); // Turned back, x is only zoomed and shifted.

        static double Angle(AugmentationSpec only) => Draw(only).Map is var m ? Math.Atan2(m.XY, m.XX) : 0;
    }

    private static ImageTransform Draw(AugmentationSpec spec, long seed = 1, int epoch = 0, int index = 0) =>
        AugmentationSampler.Draw(spec, seed, epoch, index, Width, Height);

    private static List<ImageTransform> All(AugmentationSpec spec) =>
        [.. Enumerable.Range(0, Many).Select(index => Draw(spec, index: index))];

    /// <summary>Range, mean and standard deviation of the uniform distribution.</summary>
    private static void AssertUniform(List<double> values, double low, double high)
    {
        var width = high - low;
        var mean = values.Average();
        Assert.All(values, value => Assert.InRange(value, low, high));
        Assert.Equal(low, values.Min(), width * 0.005);
        Assert.Equal(high, values.Max(), width * 0.005);
        Assert.Equal((low + high) / 2, mean, width * 0.02);
        Assert.Equal(width / Math.Sqrt(12), Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), width * 0.01);
    }
}
