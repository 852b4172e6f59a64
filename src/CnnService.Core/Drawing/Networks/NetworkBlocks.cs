using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Networks;

/// <summary>Draws a sequential network as blocks from left to right, wrapped into rows.</summary>
internal static class NetworkBlocks
{
    private const int Margin = 16;
    private const int TitleScale = 2;
    private const int MaxWidth = 1400;
    private const int Gap = 24;
    private const int TextGap = 8;
    private const int LineHeight = BitmapFont.Height + 3;
    private const int RowGap = 22;
    private const int Arrow = 12;

    public static PixelBuffer Draw(ResolvedNetwork network, string title)
    {
        var scale = NetworkScale.Create(network);
        NetworkBlock[] blocks =
        [
            NetworkBlock.Create(null, network.Spec.Input.Shape, scale),
            .. network.Layers.Select(layer => NetworkBlock.Create(layer, layer.OutputShape, scale)),
        ];
        var rows = Wrap(blocks);
        var width = Math.Max(rows.Max(row => row.Sum(CellWidth)), BitmapFont.Width(title) * TitleScale) + (2 * Margin);
        var top = Margin + (BitmapFont.Height * TitleScale) + RowGap;
        var canvas = new Canvas(width, top + rows.Sum(row => RowHeight(row) + RowGap), NetworkColors.Paper);
        canvas.DrawText(title, Margin, Margin, NetworkColors.Ink, TitleScale);
        for (var i = 0; i < rows.Count; i++)
        {
            DrawRow(canvas, rows[i], top, i + 1 < rows.Count);
            top += RowHeight(rows[i]) + RowGap;
        }

        return canvas.Image;
    }

    private static List<List<NetworkBlock>> Wrap(IEnumerable<NetworkBlock> blocks)
    {
        List<List<NetworkBlock>> rows = [[]];
        var left = 0;
        foreach (var block in blocks)
        {
            if (left + CellWidth(block) > MaxWidth && rows[^1].Count > 0)
            {
                rows.Add([]);
                left = 0;
            }

            rows[^1].Add(block);
            left += CellWidth(block);
        }

        return rows;
    }

    private static int CellWidth(NetworkBlock block) => Math.Max(block.Width + block.Depth, block.TextWidth) + Gap;

    private static int BlockHeight(List<NetworkBlock> row) => row.Max(block => block.Height + block.Depth);

    private static int RowHeight(List<NetworkBlock> row) => BlockHeight(row) + TextGap + (4 * LineHeight);

    private static void DrawRow(Canvas canvas, List<NetworkBlock> row, int top, bool goesOn)
    {
        var left = Margin;
        var bottom = top + BlockHeight(row);
        var middle = bottom - (row.Max(block => block.Height) / 2);
        for (var i = 0; i < row.Count; i++)
        {
            var (block, room) = (row[i], CellWidth(row[i]) - Gap);
            block.Draw(canvas, left + ((room - block.Width - block.Depth) / 2), middle + (block.Height / 2));
            for (var line = 0; line < block.Lines.Count; line++)
            {
                var text = block.Lines[line];
                var color = line == 0 ? NetworkColors.Ink : NetworkColors.Faint;
                canvas.DrawText(text, left + ((room - BitmapFont.Width(text)) / 2), bottom + TextGap + (line * LineHeight), color);
            }

            if (i + 1 < row.Count || goesOn)
            {
                DrawArrow(canvas, left + room + ((Gap - Arrow) / 2), bottom + TextGap + (BitmapFont.Height / 2));
            }

            left += room + Gap;
        }
    }

    private static void DrawArrow(Canvas canvas, int left, int y)
    {
        canvas.Fill(left, y, Arrow, 1, NetworkColors.Faint);
        for (var i = 1; i <= 3; i++)
        {
            canvas.Fill(left + Arrow - 1 - i, y - i, 1, (2 * i) + 1, NetworkColors.Faint);
        }
    }
}
