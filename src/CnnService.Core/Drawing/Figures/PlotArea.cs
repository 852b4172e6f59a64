using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Where the values of a plot lie in the scene.</summary>
internal readonly record struct PlotArea(double Left, double Top, double Width, double Height, Axis Across, Axis Up)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double X(double value) => Left + (Across.Share(value) * Width);

    public double Y(double value) => Bottom - (Up.Share(value) * Height);

    public Point At(double x, double y) => new(X(x), Y(y));
}
