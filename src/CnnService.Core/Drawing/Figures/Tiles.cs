namespace CnnService.Core.Drawing.Figures;

/// <summary>Blocks in rows of equal cells; the last row may be shorter.</summary>
/// <param name="Blocks">Row by row.</param>
/// <param name="Columns">Cells in a row, at least 1.</param>
/// <param name="Gap">Between two cells of a row.</param>
/// <param name="RowGap">Between two rows.</param>
internal sealed record Tiles(IReadOnlyList<Block> Blocks, int Columns, double Gap = 10, double RowGap = 14) : Block
{
    public override Extent Measure(Lettering lettering)
    {
        var (width, heights) = Cells(lettering);
        var columns = Math.Min(Columns, Blocks.Count);
        return new((columns * (width + Gap)) - Gap, heights.Sum() + (RowGap * (heights.Length - 1)));
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        var (width, heights) = Cells(sketch.Lettering);
        foreach (var (row, blocks) in Blocks.Chunk(Columns).Index())
        {
            foreach (var (column, block) in blocks.Index())
            {
                block.Draw(sketch, x + (column * (width + Gap)), y);
            }

            y += heights[row] + RowGap;
        }
    }

    private (double Width, double[] Heights) Cells(Lettering lettering)
    {
        Extent[] sizes = [.. Blocks.Select(block => block.Measure(lettering))];
        return (Math.Ceiling(sizes.Max(size => size.Width)),
            [.. sizes.Chunk(Columns).Select(row => Math.Ceiling(row.Max(size => size.Height)))]);
    }
}
