namespace CnnService.Core.Drawing.Scenes;

/// <summary>A place in a scene.</summary>
public readonly record struct Point(double X, double Y)
{
    public Point MovedBy(double x, double y) => new(X + x, Y + y);
}
