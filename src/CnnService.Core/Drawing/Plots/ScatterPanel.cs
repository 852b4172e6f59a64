using System.Text.Json;

namespace CnnService.Core.Drawing.Plots;

/// <summary>One scatter chart: title, legend, axes and points.</summary>
internal sealed class ScatterPanel
{
    private const int TextScale = 2;
    private const int LineHeight = BitmapFont.Height * TextScale;
    private const int Padding = 16;
    private const int LabelMargin = 84;
    private const int Gap = 8;
    private const double DotSize = 11;
    private const double BestSize = 15;
    private const double Opacity = 0.75;

    private static readonly Color GridLine = Color.FromRgb(0xE3E8EC);
    private static readonly Color Axis = Color.FromRgb(0x8794A0);

    private static readonly (PointKind Kind, string Name, Color Color, double Size)[] Styles =
    [
        (PointKind.Stopped, "stopped early", Color.FromRgb(0xB4BDC6), DotSize),
        (PointKind.Regular, "trial", Color.FromRgb(0x0C7CBA), DotSize),
        (PointKind.Best, "best", CurvePanel.Marker, BestSize),
    ];

    private readonly string _title;
    private readonly ScatterAxis _axis;
    private readonly (double Low, double High) _values;

    public ScatterPanel(string title, ScatterAxis axis, IReadOnlyList<ScatterPoint> points, Box box)
    {
        (_title, _axis, Points, Box) = (title, axis, points, box);
        var top = box.Top + Padding + (2 * (LineHeight + Gap));
        var bottom = box.Bottom - Padding - LineHeight - Gap;
        Area = new(box.Left + LabelMargin, top, box.Width - LabelMargin - Padding, bottom - top);
        _values = CurvePanel.Range(points.Select(point => point.Y));
    }

    public IReadOnlyList<ScatterPoint> Points { get; }

    public Box Box { get; }

    /// <summary>The plot area inside the axes.</summary>
    public Box Area { get; }

    public double X(JsonElement value) => Area.Left + (_axis.Share(value) * Area.Width);

    public double Y(double value) => Area.Bottom - ((value - _values.Low) / (_values.High - _values.Low) * Area.Height);

    public void Draw(Canvas canvas)
    {
        canvas.DrawText(Truncate(_title, Box.Width - (2 * Padding)), Box.Left + Padding, Box.Top + Padding, CurvePanel.Ink, TextScale);
        DrawLegend(canvas);
        DrawAxes(canvas);
        foreach (var (kind, _, color, size) in Styles)
        {
            var stroke = new Stroke(canvas.Image.Width, canvas.Image.Height);
            foreach (var point in Points.Where(point => point.Kind == kind))
            {
                stroke.Dot(X(point.X), Y(point.Y), size);
            }

            stroke.BlendOnto(canvas, color, kind == PointKind.Best ? 1 : Opacity);
        }
    }

    private void DrawLegend(Canvas canvas)
    {
        var left = Box.Left + Padding;
        var top = Box.Top + Padding + LineHeight + Gap;
        foreach (var (kind, name, color, _) in Styles.Reverse().Where(look => Points.Any(point => point.Kind == look.Kind)))
        {
            var stroke = new Stroke(canvas.Image.Width, canvas.Image.Height);
            stroke.Dot(left + (DotSize / 2), top + (LineHeight / 2) - 2, DotSize);
            stroke.BlendOnto(canvas, color, kind == PointKind.Best ? 1 : Opacity);
            left += (int)DotSize + Gap;
            canvas.DrawText(name, left, top, CurvePanel.Ink, TextScale);
            left += (BitmapFont.Width(name) * TextScale) + (2 * Gap);
        }
    }

    private void DrawAxes(Canvas canvas)
    {
        foreach (var (value, label) in AxisTicks.Compute(_values.Low, _values.High, Math.Max(2, Area.Height / 50)))
        {
            var y = (int)Math.Round(Y(value));
            canvas.Fill(Area.Left, y, Area.Width, 1, GridLine);
            canvas.DrawText(label, Area.Left - Gap - (BitmapFont.Width(label) * TextScale), y - (LineHeight / 2) + 2, CurvePanel.Ink,
                TextScale);
        }

        var free = Box.Left; // Right end of the previous label.
        foreach (var (share, label) in _axis.Ticks)
        {
            var x = (int)Math.Round(Area.Left + (share * Area.Width));
            canvas.Fill(x, Area.Bottom, 1, Gap / 2, Axis);
            var text = Truncate(label, (Area.Width / _axis.Ticks.Count) - Gap, minLetters: 6);
            var width = BitmapFont.Width(text) * TextScale;
            var left = Math.Clamp(x - (width / 2), Box.Left, Math.Max(Box.Left, Box.Right - width - 2));
            if (left >= free)
            {
                canvas.DrawText(text, left, Area.Bottom + Gap, CurvePanel.Ink, TextScale);
                free = left + width + Gap;
            }
        }

        canvas.Fill(Area.Left, Area.Top, 1, Area.Height, Axis);
        canvas.Fill(Area.Left, Area.Bottom, Area.Width + 1, 1, Axis);
    }

    /// <summary>The text truncated to this width, but to no fewer than <paramref name="minLetters"/> characters.</summary>
    private static string Truncate(string text, int width, int minLetters = 0)
    {
        var letters = Math.Max(minLetters, width / (BitmapFont.Advance * TextScale));
        return text.Length <= letters ? text : $"{text[..Math.Max(0, letters - 2)]}..";
    }
}

/// <param name="X">The swept field's value.</param>
/// <param name="Y">The metric.</param>
/// <param name="Kind">Decides colour and size.</param>
internal sealed record ScatterPoint(JsonElement X, double Y, PointKind Kind);

/// <summary>How a trial is marked.</summary>
internal enum PointKind
{
    Regular,
    Stopped,
    Best,
}
