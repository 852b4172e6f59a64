using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Plots;

/// <summary>The cells of a confusion matrix: what is right on the diagonal in one colour, what is mistaken beside it in another.</summary>
/// <param name="Names">Of the classes, in the order shown.</param>
/// <param name="Counts">Number of images by true and predicted class, in the order shown.</param>
/// <param name="Side">Of a cell.</param>
internal sealed record ConfusionMatrix(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<int>> Counts, double Side) : Block
{
    private const double LabelGap = 6;
    private const double MaxLabel = 190;
    private const double MinNamed = 9;
    private const double MinNumbered = 26;
    private const double MinShared = 44;
    private const double LeastOpacity = 0.07;

    /// <summary>From this opacity on a cell is so dark that its text is drawn in the paper's colour.</summary>
    private const double PaperText = 0.55;

    private static readonly TextStyle AxisName = Typography.Small;

    private TextStyle Label => Typography.Small with { Size = Math.Min(13, Side - 1), Paint = Ink.Text };

    private bool IsNamed => Side >= MinNamed;

    public override Extent Measure(Lettering lettering)
    {
        var length = Side * Names.Count;
        return new(LeftRoom(lettering) + length + 1, TopRoom(lettering) + length + 1);
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        var (left, top) = (Math.Round(x + LeftRoom(sketch.Lettering)), Math.Round(y + TopRoom(sketch.Lettering)));
        var length = Side * Names.Count;
        sketch.Write("predicted class", AxisName, left + (length / 2), y, TextAnchor.Middle);
        sketch.WriteUpwards("true class", AxisName, x + (AxisName.LineHeight / 2), top + (length / 2), TextAnchor.Middle);
        for (var row = 0; row < Names.Count; row++)
        {
            DrawRow(sketch, row, left, top);
        }

        DrawLines(sketch, left, top, length);
        DrawNames(sketch, left, top);
    }

    private double LeftRoom(Lettering lettering) => AxisName.LineHeight + LabelGap
        + (IsNamed ? Names.Max(name => Math.Min(MaxLabel, lettering.Width(name, Label))) + LabelGap : 0);

    private double TopRoom(Lettering lettering) => AxisName.LineHeight + LabelGap
        + (!IsNamed ? 0 : IsUpright(lettering) ? Names.Max(name => Math.Min(MaxLabel, lettering.Width(name, Label))) + LabelGap
            : Label.LineHeight + 2);

    /// <summary>Names above the columns are written upwards where one of them is wider than its column.</summary>
    private bool IsUpright(Lettering lettering) => Names.Any(name => lettering.Width(name, Label) > Side - 6);

    private void DrawRow(Sketch sketch, int row, double left, double top)
    {
        var support = Math.Max(1, Counts[row].Sum());
        for (var column = 0; column < Names.Count; column++)
        {
            if (Counts[row][column] is var count and > 0)
            {
                var share = (double)count / support;
                var opacity = Math.Max(LeastOpacity, Math.Sqrt(share));
                var (x, y) = (left + (column * Side), top + (row * Side));
                sketch.Fill(x, y, Side, Side, ((Paint)(row == column ? Ink.Series1 : Ink.Series2)).At(opacity));
                DrawNumber(sketch, count, share, opacity > PaperText ? Ink.Paper : Ink.Text, x + (Side / 2), y + (Side / 2));
            }
        }
    }

    private void DrawNumber(Sketch sketch, int count, double share, Ink ink, double x, double y)
    {
        var number = count.ToString(CultureInfo.InvariantCulture);
        var style = new TextStyle(Side >= 90 ? 20 : Side >= MinShared ? 14 : 11, FontWeight.Medium, ink);
        if (Side < MinNumbered || sketch.Lettering.Width(number, style) > Side - 2)
        {
            return;
        }

        if (Side < MinShared)
        {
            sketch.WriteBeside(number, style, x, y, TextAnchor.Middle);
            return;
        }

        var percent = new TextStyle(Side >= 90 ? 13 : 11, FontWeight.Regular, ink);
        sketch.WriteBeside(number, style, x, y - (percent.LineHeight / 2), TextAnchor.Middle);
        sketch.WriteBeside(share.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal), percent, x,
            y + (style.LineHeight / 2), TextAnchor.Middle);
    }

    private void DrawLines(Sketch sketch, double left, double top, double length)
    {
        var every = Side >= MinNamed ? 1 : 10;
        for (var i = 0; i <= Names.Count; i++)
        {
            if (i % every == 0 || i == Names.Count)
            {
                sketch.Line(left, top + (i * Side), left + length, top + (i * Side), Ink.Rule);
                sketch.Line(left + (i * Side), top, left + (i * Side), top + length, Ink.Rule);
            }
        }
    }

    private void DrawNames(Sketch sketch, double left, double top)
    {
        if (!IsNamed)
        {
            return;
        }

        var isUpright = IsUpright(sketch.Lettering);
        foreach (var (number, name) in Names.Index())
        {
            var middle = (number + 0.5) * Side;
            var shown = sketch.Lettering.Fit(name, Label, MaxLabel);
            sketch.WriteBeside(shown, Label, left - LabelGap, top + middle, TextAnchor.End);
            if (isUpright)
            {
                sketch.WriteUpwards(shown, Label, left + middle, top - LabelGap);
            }
            else
            {
                sketch.Write(shown, Label, left + middle, top - Label.LineHeight - 2, TextAnchor.Middle);
            }
        }
    }
}
