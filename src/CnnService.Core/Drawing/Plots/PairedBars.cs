using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Shares before and now as level bars, one pair a row.</summary>
/// <param name="Rows">Name and both shares, 0 to 1.</param>
internal sealed record PairedBars(IReadOnlyList<(string Name, double Before, double Now)> Rows) : Block
{
    private const double NameWidth = 190;
    private const double BarWidth = 460;
    private const double ValueWidth = 60;
    private const double Bar = 11;
    private const double Row = (2 * Bar) + 12;
    private const double Gap = 8;

    public override Extent Measure(Lettering lettering) =>
        new(NameRoom(lettering) + Gap + BarWidth + ValueWidth, (Rows.Count * Row) - 12);

    public override void Draw(Sketch sketch, double x, double y)
    {
        var left = Math.Round(x + NameRoom(sketch.Lettering) + Gap);
        var largest = Math.Max(1e-9, Rows.Max(row => Math.Max(row.Before, row.Now)));
        foreach (var (name, before, now) in Rows)
        {
            sketch.WriteBeside(
                sketch.Lettering.Fit(name, Typography.Body, NameWidth), Typography.Body, left - Gap, y + Bar, TextAnchor.End);
            Draw(sketch, left, y, before / largest, before, Ink.Axis);
            Draw(sketch, left, y + Bar, now / largest, now, Ink.Series1);
            y += Row;
        }
    }

    private static void Draw(Sketch sketch, double left, double y, double length, double share, Ink ink)
    {
        sketch.Fill(left, y, Math.Max(1, Math.Round(length * BarWidth)), Bar - 1, ink);
        sketch.WriteBeside(
            $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)}%",
            new(11, FontWeight.Regular, Ink.Faint),
            left + (length * BarWidth) + 6,
            y + ((Bar - 1) / 2));
    }

    private double NameRoom(Lettering lettering) => Rows.Max(row => Math.Min(NameWidth, lettering.Width(row.Name, Typography.Body)));
}
