using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>A shape given by its signed distance function, in pixels: negative inside.</summary>
/// <param name="Label">0 circle, 1 square, 2 triangle (equilateral).</param>
/// <param name="X">Horizontal centre, pixels.</param>
/// <param name="Y">Vertical centre, pixels.</param>
/// <param name="Radius">Of the circle, or of the circumcircle of the polygon; pixels.</param>
/// <param name="Angle">Rotation, radians.</param>
internal readonly record struct Shape(int Label, double X, double Y, double Radius, double Angle)
{
    /// <summary>Maximum rotation in either direction, radians.</summary>
    private const double MaxRotation = 0.3;

    public static Shape Random(int label, ref CounterRandom random)
    {
        var radius = random.NextDouble(14, 26);
        return new(
            label,
            random.NextDouble(radius, ShapesSample.Side - radius),
            random.NextDouble(radius, ShapesSample.Side - radius),
            radius,
            random.NextDouble(-MaxRotation, MaxRotation));
    }

    /// <summary>The share of a pixel inside the shape, 0–1, which makes an anti-aliased mask.</summary>
    public double Coverage(int column, int row) => Math.Clamp(0.5 - Distance(column + 0.5 - X, row + 0.5 - Y), 0, 1);

    private double Distance(double x, double y) => Label switch
    {
        0 => Math.Sqrt((x * x) + (y * y)) - Radius,
        1 => Polygon(4, x, y),
        _ => Polygon(3, x, y),
    };

    /// <summary>Signed distance to a regular polygon: the largest distance to the lines of its sides.</summary>
    private double Polygon(int sides, double x, double y)
    {
        var inner = Radius * Math.Cos(Math.PI / sides);
        var distance = double.NegativeInfinity;
        for (var side = 0; side < sides; side++)
        {
            var (sin, cos) = Math.SinCos(Angle + (2 * Math.PI * side / sides));
            distance = Math.Max(distance, (x * cos) + (y * sin) - inner);
        }

        return distance;
    }
}
