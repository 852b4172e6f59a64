using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>A scale of colours with its numbers.</summary>
/// <param name="Colors">From the lowest value to the highest.</param>
/// <param name="Low">Lowest value.</param>
/// <param name="High">Highest value, above <paramref name="Low"/>.</param>
/// <param name="Name">What the values are, before the bar.</param>
/// <param name="Width">Of the bar.</param>
internal sealed record ColorBar(IReadOnlyList<Color> Colors, double Low, double High, string Name, double Width = 256) : Block
{
    private const double Thickness = 12;
    private const double Gap = 8;
    private const int MaxTicks = 5;

    /// <summary>Ticks and what stands at them; null: at round numbers and at both ends.</summary>
    public IReadOnlyList<(double Value, string Label)>? Ticks { get; init; }

    public override Extent Measure(Lettering lettering) =>
        new(NameRoom(lettering) + Width + EndRoom(lettering), Thickness + 6 + Typography.Small.LineHeight);

    public override void Draw(Sketch sketch, double x, double y)
    {
        if (Name.Length > 0)
        {
            sketch.WriteBeside(Name, Typography.Small, x, y + (Thickness / 2));
        }

        var left = Math.Round(x + NameRoom(sketch.Lettering));
        sketch.Place(Strip(), left, y, Width, Thickness, isSmooth: false);
        var free = double.NegativeInfinity;
        foreach (var (value, label) in Shown(sketch.Lettering))
        {
            var at = left + ((value - Low) / (High - Low) * Width);
            var half = sketch.Lettering.Width(label, Typography.Small) / 2;
            if (at - half >= free)
            {
                sketch.Line(at, y + Thickness, at, y + Thickness + 4, Ink.Axis);
                sketch.Write(label, Typography.Small, at, y + Thickness + 5, TextAnchor.Middle);
                free = at + half + Gap;
            }
        }
    }

    private double NameRoom(Lettering lettering) =>
        (Name.Length > 0 ? lettering.Width(Name, Typography.Small) + Gap : 0) + (Shown(lettering) is [var first, ..]
            ? Math.Max(0, (lettering.Width(first.Label, Typography.Small) / 2) - (Name.Length > 0 ? Gap : 0))
            : 0);

    private double EndRoom(Lettering lettering) =>
        Shown(lettering) is [.., var last] ? lettering.Width(last.Label, Typography.Small) / 2 : 0;

    /// <summary>Round numbers, with the ends in full where no round number is near.</summary>
    private IReadOnlyList<(double Value, string Label)> Shown(Lettering lettering)
    {
        if (Ticks is not null)
        {
            return Ticks;
        }

        var clear = (High - Low) * (lettering.Width("0.000", Typography.Small) + Gap) / Width;
        var between = AxisTicks.Compute(Low, High, MaxTicks).Where(tick => tick.Value - Low > clear && High - tick.Value > clear);
        return [(Low, AxisTicks.Short(Low)), .. between, (High, AxisTicks.Short(High))];
    }

    private PixelBuffer Strip()
    {
        var image = new PixelBuffer((int)Width, 1, 3);
        for (var i = 0; i < image.Width; i++)
        {
            var color = Colors[i * Colors.Count / image.Width];
            (image.Data[3 * i], image.Data[(3 * i) + 1], image.Data[(3 * i) + 2]) = (color.Red, color.Green, color.Blue);
        }

        return image;
    }
}
