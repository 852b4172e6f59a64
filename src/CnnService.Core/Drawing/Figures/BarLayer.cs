using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Upright bars on the zero line.</summary>
/// <param name="Bars">Middle, height and colour of each.</param>
/// <param name="Share">Share of a step that a bar is wide.</param>
internal sealed record BarLayer(IReadOnlyList<(double X, double Value, Paint Paint)> Bars, double Share = 0.8) : PlotLayer
{
    private const double MinHeight = 1.5;

    public override void Draw(Sketch sketch, PlotArea area)
    {
        var width = Math.Max(1, Share * area.Width / (area.Across.High - area.Across.Low));
        var zero = area.Y(Math.Max(0, area.Up.Low));
        foreach (var (x, value, paint) in Bars)
        {
            var top = Math.Min(area.Y(value), zero - MinHeight);
            sketch.Fill(area.X(x) - (width / 2), top, width, zero - top, paint);
        }
    }
}
