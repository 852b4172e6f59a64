namespace CnnService.Core.Drawing.Scenes;

/// <param name="X">Of the centre.</param>
/// <param name="Y">Of the centre.</param>
/// <param name="Radius">Of the fill.</param>
/// <param name="Fill">Null: hollow.</param>
/// <param name="Line">Null: no outline.</param>
/// <param name="LineWidth">Width of the outline.</param>
public sealed record CircleShape(double X, double Y, double Radius, Paint? Fill, Paint? Line = null, double LineWidth = 1) : Shape
{
    public override Shape MovedBy(double x, double y) => this with { X = X + x, Y = Y + y };
}
