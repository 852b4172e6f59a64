using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Collects the shapes of a figure while its blocks are drawn.</summary>
internal sealed class Sketch(Lettering lettering)
{
    private readonly List<Shape> _shapes = [];

    public Lettering Lettering => lettering;

    public IReadOnlyList<Shape> Shapes => _shapes;

    public void Add(Shape shape) => _shapes.Add(shape);

    /// <summary>Writes a line with its anchor at x and its upper edge at y.</summary>
    public void Write(string text, TextStyle style, double x, double y, TextAnchor anchor = TextAnchor.Start) =>
        WriteAt(text, style, x, y + style.Baseline, anchor);

    /// <summary>Writes a line vertically centred about y.</summary>
    public void WriteBeside(string text, TextStyle style, double x, double y, TextAnchor anchor = TextAnchor.Start) =>
        WriteAt(text, style, x, y + (style.CapitalHeight / 2), anchor);

    /// <summary>Writes upwards, the line centred about x.</summary>
    public void WriteUpwards(string text, TextStyle style, double x, double y, TextAnchor anchor = TextAnchor.Start) =>
        WriteAt(text, style, x + (style.CapitalHeight / 2), y, anchor, isUpwards: true);

    /// <summary>An image on whole pixels, so that none of its own is blurred.</summary>
    public void Place(PixelBuffer image, double x, double y, double width, double height, bool isSmooth) =>
        Add(new ImageShape(Math.Round(x), Math.Round(y), width, height, image, isSmooth));

    public void Fill(double x, double y, double width, double height, Paint paint) =>
        Add(new RectangleShape(x, y, width, height, paint));

    /// <summary>A straight line, put on the middle of pixels where it is upright or level.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, Paint paint, double width = 1, double dash = 0)
    {
        (fromX, toX) = fromX == toX ? (Crisp(fromX, width), Crisp(toX, width)) : (fromX, toX);
        (fromY, toY) = fromY == toY ? (Crisp(fromY, width), Crisp(toY, width)) : (fromY, toY);
        Add(new PathShape([new(fromX, fromY), new(toX, toY)], paint, width, Dash: dash));
    }

    private static double Crisp(double place, double width) => width <= 1 ? Math.Floor(place) + 0.5 : place;

    private void WriteAt(string text, TextStyle style, double x, double y, TextAnchor anchor, bool isUpwards = false)
    {
        var readable = lettering.Readable(text);
        if (readable.Length > 0)
        {
            Add(new TextShape(x, y, readable, style, anchor, isUpwards, readable == text ? null : text));
        }
    }
}
