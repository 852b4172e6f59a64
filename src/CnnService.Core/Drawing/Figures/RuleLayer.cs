using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>An upright line at a value, with what it marks beside one of its ends.</summary>
/// <param name="X">The value.</param>
/// <param name="Text">Written beside it, on the side that has room.</param>
/// <param name="Paint">Of the line.</param>
/// <param name="IsBelow">Written at the lower end, where curves leave room there.</param>
/// <param name="Dash">0: solid.</param>
internal sealed record RuleLayer(double X, string Text, Paint Paint, bool IsBelow = false, double Dash = 0) : PlotLayer
{
    private const double Gap = 5;

    public override void Draw(Sketch sketch, PlotArea area)
    {
        var x = area.X(X);
        sketch.Line(x, area.Top, x, area.Bottom, Paint, 1, Dash);
        var fits = x + Gap + sketch.Lettering.Width(Text, Typography.Small) <= area.Right;
        var y = IsBelow ? area.Bottom - 4 - Typography.Small.LineHeight : area.Top + 2;
        sketch.Write(Text, Typography.Small, fits ? x + Gap : x - Gap, y, fits ? TextAnchor.Start : TextAnchor.End);
    }
}
