using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>Names in the middle of groups of marks, each on a patch of paper; a name that would cover another moves down.</summary>
internal sealed record NameLayer(IReadOnlyList<(Point Place, string Name)> Names) : PlotLayer
{
    private const double Around = 4;
    private const double Opacity = 0.8;

    public override void Draw(Sketch sketch, PlotArea area)
    {
        List<(double Left, double Right, double Top, double Bottom)> taken = [];
        foreach (var (place, name) in Names.OrderByDescending(name => name.Place.Y))
        {
            var half = (sketch.Lettering.Width(name, Typography.Strong) / 2) + Around;
            var x = Math.Clamp(area.X(place.X), area.Left + half, Math.Max(area.Left + half, area.Right - half));
            var top = area.Y(place.Y) - (Typography.Strong.LineHeight / 2);
            while (taken.Exists(other => other.Left < x + half && other.Right > x - half
                && other.Top < top + Typography.Strong.LineHeight && other.Bottom > top))
            {
                top += Typography.Strong.LineHeight / 2;
            }

            taken.Add((x - half, x + half, top, top + Typography.Strong.LineHeight));
            sketch.Fill(x - half, top, 2 * half, Typography.Strong.LineHeight, ((Paint)Ink.Paper).At(Opacity));
            sketch.Write(name, Typography.Strong, x, top, TextAnchor.Middle);
        }
    }
}
