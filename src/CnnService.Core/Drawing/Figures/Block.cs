namespace CnnService.Core.Drawing.Figures;

/// <summary>A part of a figure that knows its size once its text is measured. Immutable.</summary>
internal abstract record Block
{
    public abstract Extent Measure(Lettering lettering);

    /// <summary>Draws it with its upper left corner at (x, y).</summary>
    public abstract void Draw(Sketch sketch, double x, double y);
}
