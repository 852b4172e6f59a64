using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Scenes;

/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Of the image as shown.</param>
/// <param name="Height">Of the image as shown.</param>
/// <param name="Image">Grey or RGB.</param>
/// <param name="IsSmooth">True: interpolated; false: every pixel a rectangle of one colour.</param>
public sealed record ImageShape(double X, double Y, double Width, double Height, PixelBuffer Image, bool IsSmooth) : Shape
{
    public override Shape MovedBy(double x, double y) => this with { X = X + x, Y = Y + y };
}
