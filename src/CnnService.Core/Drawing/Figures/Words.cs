using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Text, in as many lines as it needs: it is broken, not cut.</summary>
/// <param name="Text">Empty takes no room.</param>
/// <param name="Style">Size, weight and colour.</param>
/// <param name="MaxWidth">Lines are no wider than this.</param>
/// <param name="MinLines">Room for this many lines is taken, so that neighbours stand level.</param>
internal sealed record Words(string Text, TextStyle Style, double MaxWidth = double.PositiveInfinity, int MinLines = 0) : Block
{
    public override Extent Measure(Lettering lettering)
    {
        var lines = Lines(lettering);
        return new(lines.Select(line => lettering.Width(line, Style)).DefaultIfEmpty(0).Max(),
            Math.Max(MinLines, lines.Count) * Style.LineHeight);
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        foreach (var (number, line) in Lines(sketch.Lettering).Index())
        {
            sketch.Write(line, Style, x, y + (number * Style.LineHeight));
        }
    }

    private IReadOnlyList<string> Lines(Lettering lettering) => Text.Length == 0 ? [] : lettering.Wrap(Text, Style, MaxWidth);
}
