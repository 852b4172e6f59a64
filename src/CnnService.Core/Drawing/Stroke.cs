namespace CnnService.Core.Drawing;

/// <summary>
/// An anti-aliased shape made of lines. It accumulates the coverage of each pixel and is blended onto the canvas once, so that crossing
/// lines do not show through each other.
/// </summary>
internal sealed class Stroke(int width, int height)
{
    private readonly float[] _coverage = new float[width * height];

    /// <summary>A line with round caps. Pixel (x, y) has its centre at (x, y).</summary>
    public void Line(double fromX, double fromY, double toX, double toY, double thickness)
    {
        var reach = (thickness / 2) + 1;
        int left = Column(Math.Min(fromX, toX) - reach), right = Column(Math.Max(fromX, toX) + reach);
        int top = Row(Math.Min(fromY, toY) - reach), bottom = Row(Math.Max(fromY, toY) + reach);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var covered = (float)Math.Clamp((thickness / 2) + 0.5 - Distance(x, y, fromX, fromY, toX, toY), 0, 1);
                _coverage[(y * width) + x] = Math.Max(_coverage[(y * width) + x], covered);
            }
        }
    }

    public void Dot(double x, double y, double diameter) => Line(x, y, x, y, diameter);

    public void BlendOnto(Canvas canvas, Color color, double opacity = 1)
    {
        for (var i = 0; i < _coverage.Length; i++)
        {
            canvas.Blend(i % width, i / width, color, _coverage[i] * opacity);
        }
    }

    private static double Distance(double x, double y, double fromX, double fromY, double toX, double toY)
    {
        double alongX = toX - fromX, alongY = toY - fromY;
        var square = (alongX * alongX) + (alongY * alongY);
        var share = square > 0 ? Math.Clamp((((x - fromX) * alongX) + ((y - fromY) * alongY)) / square, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(x - fromX - (share * alongX), 2) + Math.Pow(y - fromY - (share * alongY), 2));
    }

    private int Column(double x) => (int)Math.Clamp(Math.Round(x), 0, width - 1);

    private int Row(double y) => (int)Math.Clamp(Math.Round(y), 0, height - 1);
}
