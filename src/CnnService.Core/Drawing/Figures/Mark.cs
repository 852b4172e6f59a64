using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>A mark of a scatter plot.</summary>
/// <param name="Paint">Of the mark.</param>
/// <param name="Kind">Its shape.</param>
/// <param name="Radius">Half its size.</param>
/// <param name="IsHollow">Outline only.</param>
internal readonly record struct Mark(Paint Paint, MarkKind Kind = MarkKind.Disc, double Radius = 4.5, bool IsHollow = false)
{
    private const double LineWidth = 1.8;
    private const double Opacity = 0.82;
    private const int Series = 8;

    /// <summary>The mark of a class: eight colours, then the same eight in another shape; repeats after 32.</summary>
    public static Mark For(int label) => new(
        (Ink)((int)Ink.Series1 + (label % Series)), (MarkKind)(label / Series % Enum.GetValues<MarkKind>().Length));

    public void Draw(Sketch sketch, double x, double y)
    {
        Paint? fill = IsHollow ? null : Paint.At(Paint.Opacity * Opacity), line = IsHollow ? Paint : null;
        var (r, d) = (Radius, Radius * 1.2);
        sketch.Add(Kind switch
        {
            MarkKind.Square => new RectangleShape(x - (0.9 * r), y - (0.9 * r), 1.8 * r, 1.8 * r, fill, line, LineWidth),
            MarkKind.Diamond => new PathShape(
                [new(x, y - d), new(x + d, y), new(x, y + d), new(x - d, y), new(x, y - d)], line, LineWidth, fill),
            MarkKind.Triangle => new PathShape(
                [new(x, y - d), new(x + d, y + (0.8 * r)), new(x - d, y + (0.8 * r)), new(x, y - d)], line, LineWidth, fill),
            _ => new CircleShape(x, y, r, fill, line, LineWidth),
        });
    }
}
