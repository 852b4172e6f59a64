using CnnService.Core.Architecture;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Networks;

/// <summary>A sequential network as blocks from left to right, in as many rows as it needs.</summary>
internal sealed record NetworkBlocks(IReadOnlyList<NetworkBlock> Blocks) : Block
{
    private const double MaxWidth = 1140;
    private const double Gap = 26;
    private const double TextGap = 10;
    private const double RowGap = 26;
    private const double Arrow = 14;
    private const double Step = 20;

    public static NetworkBlocks Create(ResolvedNetwork network)
    {
        var scale = NetworkScale.Create(network);
        return new(
        [
            NetworkBlock.Create(null, network.Spec.Input.Shape, scale),
            .. network.Layers.Select(layer => NetworkBlock.Create(layer, layer.OutputShape, scale)),
        ]);
    }

    public override Extent Measure(Lettering lettering)
    {
        var rows = Wrap(lettering);
        return new(rows.Max(row => row.Sum(block => CellWidth(block, lettering))) - Gap, rows.Sum(RowHeight) + (RowGap * (rows.Count - 1)));
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        var rows = Wrap(sketch.Lettering);
        foreach (var (number, row) in rows.Index())
        {
            DrawRow(sketch, row, x, y, number + 1 < rows.Count);
            y += RowHeight(row) + RowGap;
        }
    }

    private static double CellWidth(NetworkBlock block, Lettering lettering) =>
        Math.Max(block.Width + block.Depth, block.TextWidth(lettering)) + Gap;

    private static double BlockHeight(List<NetworkBlock> row) => row.Max(block => block.Height + block.Depth);

    private static double RowHeight(List<NetworkBlock> row) =>
        BlockHeight(row) + TextGap + Typography.Caption.LineHeight + (3 * NetworkBlock.Detail.LineHeight);

    private static void DrawRow(Sketch sketch, List<NetworkBlock> row, double left, double top, bool goesOn)
    {
        var bottom = top + BlockHeight(row);
        var middle = bottom - (row.Max(block => block.Height) / 2);
        foreach (var (number, block) in row.Index())
        {
            var room = CellWidth(block, sketch.Lettering) - Gap;
            block.Draw(sketch, left + ((room - block.Width - block.Depth) / 2), middle + (block.Height / 2));
            block.Write(sketch, left + (room / 2), bottom + TextGap);
            if (number + 1 < row.Count || goesOn)
            {
                var (from, y) = (left + room + ((Gap - Arrow) / 2), bottom + TextGap + (Typography.Caption.LineHeight / 2));
                sketch.Line(from, y, from + Arrow - 4, y, Ink.Axis, 1.5);
                sketch.Add(new PathShape(
                    [new(from + Arrow - 6, y - 3.5), new(from + Arrow - 6, y + 3.5), new(from + Arrow, y), new(from + Arrow - 6, y - 3.5)],
                    null, 0, Ink.Axis));
            }

            left += room + Gap;
        }
    }

    /// <summary>As few rows as fit, of nearly equal length.</summary>
    private List<List<NetworkBlock>> Wrap(Lettering lettering)
    {
        var rows = Wrap(lettering, MaxWidth);
        for (var narrower = MaxWidth - Step;
            narrower > 0 && Wrap(lettering, narrower) is var tighter && tighter.Count == rows.Count;
            narrower -= Step)
        {
            rows = tighter;
        }

        return rows;
    }

    private List<List<NetworkBlock>> Wrap(Lettering lettering, double width)
    {
        List<List<NetworkBlock>> rows = [[]];
        var left = 0.0;
        foreach (var block in Blocks)
        {
            if (left + CellWidth(block, lettering) > width + Gap && rows[^1].Count > 0)
            {
                rows.Add([]);
                left = 0;
            }

            rows[^1].Add(block);
            left += CellWidth(block, lettering);
        }

        return rows;
    }
}
