namespace CnnService.Core.Datasets;

/// <summary>
/// A 2-D affine transform from a pixel of the transformed image to its source position in the original (inverse mapping):
/// <c>x' = XX*x + XY*y + X</c>, <c>y' = YX*x + YY*y + Y</c>. In pixels, x to the right, y down; (0, 0) is the centre of the first pixel
/// unless stated otherwise. The remarks on directions below describe the visible effect on the image.
/// </summary>
public readonly record struct AffineMap(double XX, double XY, double X, double YX, double YY, double Y)
{
    /// <summary>Rotation about the origin; the image turns clockwise.</summary>
    public static AffineMap Rotation(double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, sin, 0, -sin, cos, 0);
    }

    /// <summary>Translation in pixels; the image moves in the opposite direction.</summary>
    public static AffineMap Translation(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Vertical shear: each column is shifted along itself by <paramref name="tangent"/> pixels per pixel of its x.</summary>
    public static AffineMap Shear(double tangent) => new(1, 0, 0, tangent, 1, 0);

    /// <summary>Scaling about the origin; factors below 1 enlarge the image.</summary>
    public static AffineMap Scaling(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Flips left and right (horizontal), top and bottom (vertical).</summary>
    public static AffineMap Reflection(bool horizontal, bool vertical) => Scaling(horizontal ? -1 : 1, vertical ? -1 : 1);

    /// <summary>Composition: <paramref name="first"/> is applied first, then this.</summary>
    public AffineMap After(AffineMap first) => new(
        (XX * first.XX) + (XY * first.YX),
        (XX * first.XY) + (XY * first.YY),
        (XX * first.X) + (XY * first.Y) + X,
        (YX * first.XX) + (YY * first.YX),
        (YX * first.XY) + (YY * first.YY),
        (YX * first.X) + (YY * first.Y) + Y);

    /// <summary>The same transform about the centre of an image of this size.</summary>
    public AffineMap AboutCentre(int width, int height)
    {
        var (x, y) = ((width - 1) / 2.0, (height - 1) / 2.0);
        return Translation(x, y).After(this).After(Translation(-x, -y));
    }
}
