using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Core.Tests.Datasets;

public sealed class AffineMapTests
{
    private const int Width = 9;
    private const int Height = 9;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8, 0)]
    [InlineData(3, 7)]
    public void Turn_By90Degrees_TakesTheLeftEdgeToTheTop(double x, double y)
    {
        // Clockwise: what stood x columns from the left now stands x rows from the top.
        AssertPlace((y, Width - 1 - x), AffineMap.Rotation(90).AboutCentre(Width, Height).Apply(x, y));
    }

    [Fact]
    public void Turn_Any_KeepsTheMiddleAndDistances()
    {
        var turn = AffineMap.Rotation(33).AboutCentre(12, 7);
        var (x, y) = turn.Apply(2, 1);
        AssertPlace((5.5, 3), turn.Apply(5.5, 3));
        Assert.Equal((3.5 * 3.5) + (2 * 2), ((x - 5.5) * (x - 5.5)) + ((y - 3) * (y - 3)), 1e-9);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Mirror_OfAnImage_ReversesColumnsOrRows(bool horizontal, bool vertical)
    {
        var mirror = AffineMap.Reflection(horizontal, vertical).AboutCentre(6, 5);
        AssertPlace((horizontal ? 5 - 1 : 1, vertical ? 4 - 3 : 3), mirror.Apply(1, 3));
    }

    [Fact]
    public void Shift_OfAnImage_LooksAside() => AssertPlace((5.5, 0), AffineMap.Translation(2.5, -3).AboutCentre(8, 8).Apply(3, 3));

    [Fact]
    public void Shear_OfAnImage_SlidesColumnsByTheirDistanceFromTheMiddle()
    {
        var shear = AffineMap.Shear(0.5).AboutCentre(Width, Height);
        AssertPlace((4, 2), shear.Apply(4, 2));
        AssertPlace((8, 4), shear.Apply(8, 2));
        AssertPlace((0, 0), shear.Apply(0, 2));
    }

    [Fact]
    public void Zoom_OfAHalf_ShowsTheInnerHalf()
    {
        var zoom = AffineMap.Scaling(0.5, 0.25).AboutCentre(Width, Height);
        AssertPlace((2, 3), zoom.Apply(0, 0));
        AssertPlace((6, 5), zoom.Apply(8, 8));
    }

    [Fact]
    public void After_TwoMaps_IsOneThenTheOther()
    {
        var first = new AffineMap(1, 2, 3, 4, 5, 6);
        var then = new AffineMap(-1, 0.5, 7, 2, -3, 0.25);
        var (x, y) = first.Apply(1.5, -2);
        AssertPlace(then.Apply(x, y), then.After(first).Apply(1.5, -2));
    }

    private static void AssertPlace((double X, double Y) expected, (double X, double Y) actual)
    {
        Assert.Equal(expected.X, actual.X, 1e-9);
        Assert.Equal(expected.Y, actual.Y, 1e-9);
    }
}
