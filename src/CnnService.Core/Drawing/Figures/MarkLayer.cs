using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Marks at points.</summary>
internal sealed record MarkLayer(IReadOnlyList<(Point Place, Mark Mark)> Marks) : PlotLayer
{
    public override void Draw(Sketch sketch, PlotArea area)
    {
        foreach (var (place, mark) in Marks)
        {
            mark.Draw(sketch, area.X(place.X), area.Y(place.Y));
        }
    }
}
