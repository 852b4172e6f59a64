namespace CnnService.Core.Drawing.Figures;

/// <summary>Marks with what they stand for, in rows as wide as there is room, or below each other.</summary>
/// <param name="Entries">In order.</param>
/// <param name="MaxWidth">Of a row; 0: every entry in a row of its own.</param>
/// <param name="HasLines">True: samples of lines rather than marks.</param>
internal sealed record Legend(IReadOnlyList<(Mark Mark, string Text)> Entries, double MaxWidth, bool HasLines = false) : Block
{
    private const double Gap = 18;
    private const double TextGap = 7;

    private double Sample => HasLines ? 22 : 10;

    public override Extent Measure(Lettering lettering)
    {
        double widest = 0, bottom = 0;
        foreach (var (place, width, _) in Arrange(lettering))
        {
            (widest, bottom) = (Math.Max(widest, place.Width + width), Math.Max(bottom, place.Height + Typography.Body.LineHeight));
        }

        return new(widest, bottom);
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        foreach (var (place, _, (mark, text)) in Arrange(sketch.Lettering))
        {
            var (left, middle) = (x + place.Width, y + place.Height + (Typography.Body.LineHeight / 2));
            if (HasLines)
            {
                sketch.Line(left, middle, left + Sample, middle, mark.Paint, 3);
            }
            else
            {
                mark.Draw(sketch, left + (Sample / 2), middle);
            }

            sketch.WriteBeside(text, Typography.Body, left + Sample + TextGap, middle);
        }
    }

    private IEnumerable<(Extent Place, double Width, (Mark Mark, string Text) Entry)> Arrange(Lettering lettering)
    {
        double x = 0, y = 0;
        foreach (var entry in Entries)
        {
            var width = Sample + TextGap + lettering.Width(entry.Text, Typography.Body);
            if (x > 0 && x + width > MaxWidth)
            {
                (x, y) = (0, y + Typography.Body.LineHeight + 2);
            }

            yield return (new(x, y), width, entry);
            x += width + Gap;
        }
    }
}
