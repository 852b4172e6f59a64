using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Axes with layers between them.</summary>
/// <param name="Width">Of the area between the axes.</param>
/// <param name="Height">Of the area between the axes.</param>
/// <param name="Across">The horizontal axis.</param>
/// <param name="Up">The upright axis.</param>
/// <param name="Layers">Drawn in this order.</param>
internal sealed record Plot(double Width, double Height, Axis Across, Axis Up, IReadOnlyList<PlotLayer> Layers) : Block
{
    private const double TickGap = 7;
    private const double LabelGap = 10;

    private static readonly TextStyle Label = Typography.Small;

    public override Extent Measure(Lettering lettering) => new(
        LeftRoom(lettering) + Width + RightRoom(lettering), TopRoom + Height + BottomRoom(lettering));

    public override void Draw(Sketch sketch, double x, double y)
    {
        var area = new PlotArea(Math.Round(x + LeftRoom(sketch.Lettering)), Math.Round(y + TopRoom), Width, Height, Across, Up);
        DrawUp(sketch, area, x);
        DrawAcross(sketch, area);
        sketch.Line(area.Left, area.Bottom, area.Right, area.Bottom, Ink.Axis);
        foreach (var layer in Layers)
        {
            layer.Draw(sketch, area);
        }
    }

    private static double TopRoom => Label.LineHeight / 2;

    private double LeftRoom(Lettering lettering) => Math.Max(Up.MinRoom, Math.Ceiling(
        (Up.HasTicks ? Up.Ticks.Select(tick => lettering.Width(tick.Label, Label)).DefaultIfEmpty(0).Max() + TickGap : 0)
        + (Up.Name.Length > 0 ? Label.LineHeight + 4 : 0)));

    private double RightRoom(Lettering lettering) => Math.Ceiling(
        !Across.HasTicks || Across.Ticks.Count == 0 ? 0 : Across.Ticks.Max(tick =>
            (Across.Share(tick.Value) * Width) + (Math.Min(lettering.Width(tick.Label, Label), TickRoom) / 2) - Width) is var over and > 0
                ? over
                : 0);

    private double BottomRoom(Lettering lettering) =>
        (Across.HasTicks ? TickGap + (TickLines(lettering) * Label.LineHeight) : 2)
        + (Across.Name.Length > 0 ? Label.LineHeight + 2 : 0);

    /// <summary>Room for the label of one tick; numbers are never broken, names are.</summary>
    private double TickRoom => Across.HasGrid || Across.Ticks.Count == 0
        ? double.PositiveInfinity
        : Math.Max(24, (Width / Across.Ticks.Count) - LabelGap);

    private int TickLines(Lettering lettering) => double.IsInfinity(TickRoom)
        ? 1
        : Across.Ticks.Select(tick => lettering.Wrap(tick.Label, Label, TickRoom).Count).DefaultIfEmpty(1).Max();

    private void DrawUp(Sketch sketch, PlotArea area, double left)
    {
        foreach (var (value, label) in Up.HasTicks ? Up.Ticks : [])
        {
            var y = area.Y(value);
            if (Up.HasGrid)
            {
                sketch.Line(area.Left, y, area.Right, y, Ink.Rule);
            }

            sketch.WriteBeside(label, Label, area.Left - TickGap, y, TextAnchor.End);
        }

        if (Up.Name.Length > 0)
        {
            sketch.WriteUpwards(Up.Name, Label, left + (Label.LineHeight / 2), area.Top + (Height / 2), TextAnchor.Middle);
        }
    }

    private void DrawAcross(Sketch sketch, PlotArea area)
    {
        var free = double.NegativeInfinity;
        foreach (var (value, label) in Across.HasTicks ? Across.Ticks : [])
        {
            var x = area.X(value);
            sketch.Line(x, area.Bottom, x, area.Bottom + 4, Ink.Axis);
            var lines = sketch.Lettering.Wrap(label, Label, TickRoom);
            var half = lines.Max(line => sketch.Lettering.Width(line, Label)) / 2;
            if (x - half < free)
            {
                continue;
            }

            foreach (var (number, line) in lines.Index())
            {
                sketch.Write(line, Label, x, area.Bottom + TickGap + (number * Label.LineHeight), TextAnchor.Middle);
            }

            free = x + half + (LabelGap / 2);
        }

        if (Across.Name.Length > 0)
        {
            var below = (Across.HasTicks ? TickGap + (TickLines(sketch.Lettering) * Label.LineHeight) : 2) + 2;
            sketch.Write(Across.Name, Label, area.Left + (Width / 2), area.Bottom + below, TextAnchor.Middle);
        }
    }
}
