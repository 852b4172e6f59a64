namespace CnnService.Core.Drawing.Plots;

/// <summary>
/// The marker of a class: a colour (the palette of Okabe and Ito, safe for the colour-blind) and, beyond eight classes, a shape.
/// </summary>
/// <param name="Color">Of the marker.</param>
/// <param name="Shape">0: disc, 1: square, 2: diamond, 3: cross.</param>
internal readonly record struct ScatterMark(Color Color, int Shape)
{
    public const int MaxRadius = 7;

    private const double Radius = 4.5;
    private const double Line = 1.8;
    private const int Shapes = 4;

    private static readonly Color[] Colors =
    [
        Color.FromRgb(0x0072B2), Color.FromRgb(0xE69F00), Color.FromRgb(0x009E73), Color.FromRgb(0xCC79A7), Color.FromRgb(0x56B4E9),
        Color.FromRgb(0xD55E00), Color.FromRgb(0x000000), Color.FromRgb(0xF0E442),
    ];

    /// <summary>The marker of a label; repeats after 32 classes.</summary>
    public static ScatterMark For(int label) => new(Colors[label % Colors.Length], label / Colors.Length % Shapes);

    /// <param name="canvas">Drawn on.</param>
    /// <param name="x">Horizontal centre, pixels.</param>
    /// <param name="y">Vertical centre, pixels.</param>
    /// <param name="isHollow">Outline only.</param>
    public void Draw(Canvas canvas, double x, double y, bool isHollow)
    {
        for (var row = (int)y - MaxRadius; row <= (int)y + MaxRadius; row++)
        {
            for (var column = (int)x - MaxRadius; column <= (int)x + MaxRadius; column++)
            {
                var beyond = SignedDistance(Math.Abs(column - x), Math.Abs(row - y));
                canvas.Blend(column, row, Color,
                    Math.Clamp(isHollow ? ((Line + 1) / 2) - Math.Abs(beyond) : 0.5 - beyond, 0, 1) * (isHollow ? 1 : 0.8));
            }
        }
    }

    /// <summary>Signed distance from the shape's edge, pixels; negative inside.</summary>
    private double SignedDistance(double x, double y) => Shape switch
    {
        0 => double.Hypot(x, y) - Radius,
        1 => Math.Max(x, y) - (0.9 * Radius),
        2 => ((x + y) / Math.Sqrt(2)) - (0.9 * Radius),
        _ => Math.Max(Math.Max(x, y) - Radius, Math.Min(x, y) - (0.35 * Radius)),
    };
}
