namespace CnnService.Core.Datasets;

/// <summary>
/// From a pixel of a changed picture to the place in the original that it shows:
/// <c>x' = XX*x + XY*y + X</c>, <c>y' = YX*x + YY*y + Y</c>. Pixels, x to the right, y down, (0, 0) in the middle of the first pixel
/// unless said otherwise.
/// </summary>
public readonly record struct AffineMap(double XX, double XY, double X, double YX, double YY, double Y)
{
    public static AffineMap Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>About the origin; what is seen turns clockwise.</summary>
    public static AffineMap Turn(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, sin, 0, -sin, cos, 0);
    }

    /// <summary>What is seen moves the other way.</summary>
    public static AffineMap Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Columns slide along themselves, by <paramref name="tangent"/> a pixel of their distance.</summary>
    public static AffineMap Shear(double tangent) => new(1, 0, 0, tangent, 1, 0);

    /// <summary>Below 1 enlarges what is seen.</summary>
    public static AffineMap Zoom(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Left and right, top and bottom change places.</summary>
    public static AffineMap Mirror(bool horizontal, bool vertical) => Zoom(horizontal ? -1 : 1, vertical ? -1 : 1);

    /// <summary>First <paramref name="first"/>, then this.</summary>
    public AffineMap After(AffineMap first) => new(
        (XX * first.XX) + (XY * first.YX),
        (XX * first.XY) + (XY * first.YY),
        (XX * first.X) + (XY * first.Y) + X,
        (YX * first.XX) + (YY * first.YX),
        (YX * first.XY) + (YY * first.YY),
        (YX * first.X) + (YY * first.Y) + Y);

    /// <summary>The same with the origin in the middle of a picture of this size.</summary>
    public AffineMap AboutMiddle(int width, int height)
    {
        var (x, y) = ((width - 1) / 2.0, (height - 1) / 2.0);
        return Shift(x, y).After(this).After(Shift(-x, -y));
    }

    public (double X, double Y) Of(double x, double y) => ((XX * x) + (XY * y) + X, (YX * x) + (YY * y) + Y);
}
