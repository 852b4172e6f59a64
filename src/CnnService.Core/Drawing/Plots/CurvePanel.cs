namespace CnnService.Core.Drawing.Plots;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int Left, int Top, int Width, int Height)
{
    public int Right => Left + Width;

    public int Bottom => Top + Height;
}

/// <summary>A marked epoch.</summary>
/// <param name="Index">Its index in the list of epochs.</param>
/// <param name="Text">Its legend text.</param>
internal readonly record struct CurveMark(int Index, string Text);

/// <summary>One chart: title, legend, axes and lines over the epochs.</summary>
internal sealed class CurvePanel
{
    public static readonly Color Paper = Color.FromRgb(0xFFFFFF);
    public static readonly Color Ink = Color.FromRgb(0x28323C);
    public static readonly Color Marker = Color.FromRgb(0xD9480F);

    private const int TextScale = 2;
    private const int LineHeight = BitmapFont.Height * TextScale;
    private const int Padding = 16;
    private const int LabelMargin = 84;
    private const int Gap = 8;
    private const int SampleLength = 24;
    private const int TickMargin = 90;
    private const int Dash = 6;
    private const double ThinLine = 1.5;
    private const double ThickLine = 2.5;
    private const double FaintOpacity = 0.35;
    private const double DotSize = 7;

    /// <summary>Minimum span of an axis as a share of its largest value, so that noise is not magnified.</summary>
    private const double MinSpan = 0.05;
    private const double MinAbsoluteSpan = 1e-3;
    private const double EdgeShare = 0.05;

    /// <summary>If the largest value exceeds the 90th percentile by this factor, the axis ends a little above that percentile.</summary>
    private const double OutlierFactor = 4;
    private const double CutOffFactor = 1.5;
    private const double OutlierQuantile = 0.9;

    private static readonly Color GridLine = Color.FromRgb(0xE3E8EC);
    private static readonly Color Axis = Color.FromRgb(0x8794A0);

    private readonly string _title;
    private readonly IReadOnlyList<int> _epochs;
    private readonly IReadOnlyList<CurveSeries> _series;
    private readonly Box _box;
    private readonly (double Low, double High) _values;
    private readonly bool _cut;

    public CurvePanel(string title, IReadOnlyList<int> epochs, IReadOnlyList<CurveSeries> series, Box box)
    {
        (_title, _epochs, _series, _box) = (title, epochs, series, box);
        var top = box.Top + Padding + (2 * (LineHeight + Gap));
        var bottom = box.Bottom - Padding - LineHeight - Gap;
        Area = new(box.Left + LabelMargin, top, box.Width - LabelMargin - Padding, bottom - top);
        double[] values = [.. series.SelectMany(one => one.Values).Where(double.IsFinite).Order()];
        _cut = values.Length > 0 && values[^1] > 1 && values[^1] > OutlierFactor * values[(int)(OutlierQuantile * (values.Length - 1))];
        _values = Range(
            _cut ? values.Where(value => value <= CutOffFactor * values[(int)(OutlierQuantile * (values.Length - 1))]) : values);
    }

    /// <summary>The plot area inside the axes.</summary>
    public Box Area { get; }

    private (double Low, double High) Epochs => _epochs.Count > 1 ? (_epochs[0], _epochs[^1]) : (_epochs[0] - 1, _epochs[0] + 1);

    /// <summary>The x coordinate of the epoch at this index.</summary>
    public double X(int index) => Column(_epochs[index]);

    /// <summary>The y coordinate of a value, clamped to the upper edge of the plot area.</summary>
    public double Y(double value) =>
        Area.Bottom - ((Math.Min(value, _values.High) - _values.Low) / (_values.High - _values.Low) * Area.Height);

    /// <param name="canvas">Drawn on.</param>
    /// <param name="smoothing">0 up to, not including, 1.</param>
    /// <param name="mark">The epoch to mark; null: none.</param>
    public void Draw(Canvas canvas, double smoothing, CurveMark? mark)
    {
        canvas.DrawText(_title, _box.Left + Padding, _box.Top + Padding, Ink, TextScale);
        DrawAxes(canvas);
        if (mark is { } marked)
        {
            DrawMarker(canvas, (int)Math.Round(X(marked.Index)));
        }

        foreach (var series in _series)
        {
            if (smoothing > 0)
            {
                DrawLine(canvas, series, ThinLine, FaintOpacity);
            }

            DrawLine(canvas, series.Smoothed(smoothing), ThickLine, 1);
        }

        DrawLegend(canvas, mark);
    }

    /// <summary>The range of an axis that shows all values with some margin.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            return (0, 1);
        }

        var lacking = Math.Max(MinSpan * Math.Abs(high), MinAbsoluteSpan) - (high - low);
        var room = (EdgeShare * (high - low)) + Math.Max(0, lacking / 2);
        return (low >= 0 ? Math.Max(0, low - room) : low - room, high + room);
    }

    private double Column(double epoch) => Area.Left + ((epoch - Epochs.Low) / (Epochs.High - Epochs.Low) * Area.Width);

    private void DrawAxes(Canvas canvas)
    {
        foreach (var (value, label) in AxisTicks.Compute(_values.Low, _values.High, Math.Max(2, Area.Height / 50)))
        {
            var y = (int)Math.Round(Y(value));
            canvas.Fill(Area.Left, y, Area.Width, 1, GridLine);
            var left = Area.Left - Gap - (BitmapFont.Width(label) * TextScale);
            canvas.DrawText(label, left, y - (LineHeight / 2) + 2, Ink, TextScale);
        }

        foreach (var (epoch, label) in AxisTicks.Compute(_epochs[0], _epochs[^1], Math.Max(2, Area.Width / TickMargin), minStep: 1))
        {
            var x = (int)Math.Round(Column(epoch));
            canvas.Fill(x, Area.Bottom, 1, Gap / 2, Axis);
            var width = BitmapFont.Width(label) * TextScale;
            var left = Math.Min(x - (width / 2), _box.Right - width - 2);
            canvas.DrawText(label, left, Area.Bottom + Gap, Ink, TextScale);
        }

        canvas.DrawText("epoch", _box.Left + Padding, Area.Bottom + Gap, Axis, TextScale);
        if (_cut)
        {
            const string cut = "higher values are cut off";
            canvas.DrawText(cut, Area.Right - BitmapFont.Width(cut), Area.Top + 2, Axis);
        }

        canvas.Fill(Area.Left, Area.Top, 1, Area.Height, Axis);
        canvas.Fill(Area.Left, Area.Bottom, Area.Width + 1, 1, Axis);
    }

    private void DrawMarker(Canvas canvas, int x)
    {
        for (var y = Area.Top; y < Area.Bottom; y += 2 * Dash)
        {
            canvas.Fill(x, y, 1, Math.Min(Dash, Area.Bottom - y), Marker);
        }
    }

    private void DrawLine(Canvas canvas, CurveSeries series, double thickness, double opacity)
    {
        var stroke = new Stroke(canvas.Image.Width, canvas.Image.Height);
        int[] there = [.. Enumerable.Range(0, series.Values.Count).Where(i => double.IsFinite(series.Values[i]))];
        foreach (var (from, to) in there.Zip(there.Skip(1)))
        {
            stroke.Line(X(from), Y(series.Values[from]), X(to), Y(series.Values[to]), thickness);
        }

        // Missing epochs leave gaps in the line, so dots mark those that exist; likewise for a single epoch.
        foreach (var index in there.Length == 1 || there.Length < series.Values.Count ? there : [])
        {
            stroke.Dot(X(index), Y(series.Values[index]), DotSize);
        }

        stroke.BlendOnto(canvas, series.Color, opacity);
    }

    private void DrawLegend(Canvas canvas, CurveMark? mark)
    {
        var left = _box.Left + Padding;
        var top = _box.Top + Padding + LineHeight + Gap;
        foreach (var series in _series)
        {
            canvas.Fill(left, top + (LineHeight / 2) - 3, SampleLength, 3, series.Color);
            left = DrawLegendText(canvas, series.Name, left + SampleLength + Gap, top);
        }

        if (mark is { } marked)
        {
            canvas.Fill(left, top + (LineHeight / 2) - 2, Dash, 1, Marker);
            canvas.Fill(left + (2 * Dash), top + (LineHeight / 2) - 2, Dash, 1, Marker);
            DrawLegendText(canvas, marked.Text, left + (3 * Dash) + Gap, top);
        }
    }

    private static int DrawLegendText(Canvas canvas, string text, int left, int top)
    {
        canvas.DrawText(text, left, top, Ink, TextScale);
        return left + (BitmapFont.Width(text) * TextScale) + (2 * Gap);
    }
}
