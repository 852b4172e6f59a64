namespace CnnService.Core.Drawing.Figures;

/// <summary>What is drawn between the axes of a plot. Immutable.</summary>
internal abstract record PlotLayer
{
    public abstract void Draw(Sketch sketch, PlotArea area);
}
