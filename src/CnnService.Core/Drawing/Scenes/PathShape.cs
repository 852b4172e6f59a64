namespace CnnService.Core.Drawing.Scenes;

/// <summary>Straight lines from point to point.</summary>
/// <param name="Points">At least two.</param>
/// <param name="Line">Null: no line.</param>
/// <param name="LineWidth">Width of the line; its ends and corners are round.</param>
/// <param name="Fill">Null: an open line; else the filled polygon.</param>
/// <param name="Dash">Length of dashes and of gaps; 0: solid.</param>
public sealed record PathShape(IReadOnlyList<Point> Points, Paint? Line, double LineWidth = 1, Paint? Fill = null, double Dash = 0) : Shape
{
    public override Shape MovedBy(double x, double y) => this with { Points = [.. Points.Select(point => point.MovedBy(x, y))] };
}
