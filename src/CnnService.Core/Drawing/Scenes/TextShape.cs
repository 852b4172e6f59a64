namespace CnnService.Core.Drawing.Scenes;

/// <summary>A line of text.</summary>
/// <param name="X">Where the anchor lies.</param>
/// <param name="Y">Of the baseline.</param>
/// <param name="Text">Only characters that can be drawn.</param>
/// <param name="Style">Size, weight and colour.</param>
/// <param name="Anchor">The part that lies at (X, Y).</param>
/// <param name="IsUpwards">Rotated by 90° counterclockwise about (X, Y).</param>
/// <param name="Original">What stood there before characters that cannot be drawn were replaced; null if nothing was.</param>
public sealed record TextShape(
    double X, double Y, string Text, TextStyle Style, TextAnchor Anchor = TextAnchor.Start, bool IsUpwards = false, string? Original = null)
    : Shape
{
    public override Shape MovedBy(double x, double y) => this with { X = X + x, Y = Y + y };
}
