namespace CnnService.Core.Drawing.Scenes;

/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Of the fill.</param>
/// <param name="Height">Of the fill.</param>
/// <param name="Fill">Null: hollow.</param>
/// <param name="Line">Null: no outline. Its middle runs along the edges.</param>
/// <param name="LineWidth">Width of the outline.</param>
public sealed record RectangleShape(
    double X, double Y, double Width, double Height, Paint? Fill, Paint? Line = null, double LineWidth = 1) : Shape
{
    public override Shape MovedBy(double x, double y) => this with { X = X + x, Y = Y + y };
}
