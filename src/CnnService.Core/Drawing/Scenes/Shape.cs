namespace CnnService.Core.Drawing.Scenes;

/// <summary>Something to draw, in units of the scene; (0, 0) is its upper left corner. Immutable.</summary>
public abstract record Shape
{
    /// <summary>The same shape elsewhere.</summary>
    public abstract Shape MovedBy(double x, double y);
}
