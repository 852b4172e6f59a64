namespace CnnService.Core.Drawing.Figures;

/// <summary>Blocks below each other, or side by side.</summary>
/// <param name="Blocks">In order.</param>
/// <param name="Gap">Between two of them.</param>
/// <param name="IsRow">True: side by side, upper edges level.</param>
internal sealed record Stack(IReadOnlyList<Block> Blocks, double Gap, bool IsRow = false) : Block
{
    public override Extent Measure(Lettering lettering)
    {
        Extent[] sizes = [.. Blocks.Select(block => block.Measure(lettering))];
        var gaps = Gap * Math.Max(0, sizes.Length - 1);
        double widest = sizes.Select(size => size.Width).DefaultIfEmpty(0).Max(), wide = sizes.Sum(size => size.Width);
        double highest = sizes.Select(size => size.Height).DefaultIfEmpty(0).Max(), high = sizes.Sum(size => size.Height);
        return IsRow ? new(wide + gaps, highest) : new(widest, high + gaps);
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        foreach (var block in Blocks)
        {
            block.Draw(sketch, x, y);
            var size = block.Measure(sketch.Lettering);
            (x, y) = IsRow ? (x + size.Width + Gap, y) : (x, y + size.Height + Gap);
        }
    }
}
