using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>A line through points; it joins the points on both sides of one that is not finite.</summary>
/// <param name="Points">In the order of the line.</param>
/// <param name="Paint">Of the line.</param>
/// <param name="Width">Of the line.</param>
/// <param name="HasDots">Whether the points are marked.</param>
internal sealed record LineLayer(IReadOnlyList<Point> Points, Paint Paint, double Width = 2.25, bool HasDots = false) : PlotLayer
{
    private const double DotRadius = 3.5;

    public override void Draw(Sketch sketch, PlotArea area)
    {
        Point[] placed = [.. Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            .Select(point => area.At(point.X, point.Y))];
        if (placed.Length > 1)
        {
            sketch.Add(new PathShape(placed, Paint, Width));
        }

        foreach (var point in HasDots || placed.Length == 1 ? placed : [])
        {
            sketch.Add(new CircleShape(point.X, point.Y, DotRadius, Paint));
        }
    }
}
