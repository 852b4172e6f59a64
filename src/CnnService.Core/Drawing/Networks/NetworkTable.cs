using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Networks;

/// <summary>Draws a branching network as a table: one row per layer, its connections as lines on the left.</summary>
internal static class NetworkTable
{
    private const int Margin = 16;
    private const int TitleScale = 2;
    private const int RowHeight = 16;
    private const int LaneWidth = 9;
    private const int ColumnGap = 22;
    private const int BarMargin = 76;
    private const int Dot = 5;
    private const int MaxLetters = 40;

    /// <summary>Lanes for connections that skip rows; further ones share the outermost lane.</summary>
    private const int MaxLanes = 24;

    private static readonly Color[] Lines = [Color.FromRgb(0xD9480F), Color.FromRgb(0x0C7CBA), Color.FromRgb(0x0F9D58),
        Color.FromRgb(0x7B4FA6)];

    public static PixelBuffer Draw(ResolvedNetwork network, string title)
    {
        var routes = Connections(network);
        var lanes = Lanes(routes);
        string[][] cells =
        [
            ["layer", "kind", "output", "parameters"],
            [NetworkSpec.InputName, "image", LayerText.Shape(network.Spec.Input.Shape), ""],
            .. network.Layers.Select(layer => (string[])
                [PlotText.Truncate(layer.Name, MaxLetters), LayerText.Kind(layer.Spec), LayerText.Shape(layer.OutputShape),
                    LayerText.Parameters(layer.Parameters)]),
        ];
        var main = Margin + ((lanes.DefaultIfEmpty(-1).Max() + 1) * LaneWidth) + Dot;
        var columns = Columns(cells, main + Dot + 6 + BarMargin);
        var top = Margin + (BitmapFont.Height * TitleScale) + Margin;
        var width = Math.Max(columns[^1], Margin + (BitmapFont.Width(title) * TitleScale)) + Margin;
        var canvas = new Canvas(width, top + (cells.Length * RowHeight) + Margin, NetworkColors.Paper);
        canvas.DrawText(title, Margin, Margin, NetworkColors.Ink, TitleScale);
        for (var row = 0; row < cells.Length; row++)
        {
            DrawCells(canvas, cells[row], columns, top + (row * RowHeight), row == 0 ? NetworkColors.Faint : NetworkColors.Ink);
        }

        var first = top + RowHeight + (RowHeight / 2);
        DrawConnections(canvas, routes, lanes, main, first);
        DrawLayers(canvas, network, main, first);
        return canvas.Image;
    }

    /// <summary>The connections between rows, from input to consumer; row 0 is the image.</summary>
    private static List<(int From, int To)> Connections(ResolvedNetwork network)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal) { [NetworkSpec.InputName] = 0 };
        var routes = new List<(int From, int To)>();
        for (var i = 0; i < network.Layers.Count; i++)
        {
            rows[network.Layers[i].Name] = i + 1;
            routes.AddRange(network.Layers[i].Inputs.Select(input => (rows[input], i + 1)));
        }

        return routes;
    }

    /// <summary>The lane of each connection, shorter ones further inside; -1 for a connection to the next row.</summary>
    private static int[] Lanes(List<(int From, int To)> routes)
    {
        var lanes = Enumerable.Repeat(-1, routes.Count).ToArray();
        var taken = new List<List<(int From, int To)>>();
        foreach (var i in Enumerable.Range(0, routes.Count).Where(i => routes[i].To - routes[i].From > 1)
            .OrderBy(i => routes[i].To - routes[i].From))
        {
            var lane = taken.FindIndex(others => others.TrueForAll(other => other.To < routes[i].From || other.From > routes[i].To));
            if (lane < 0 && taken.Count < MaxLanes)
            {
                lane = taken.Count;
                taken.Add([]);
            }

            if (lane >= 0)
            {
                taken[lane].Add(routes[i]);
            }

            lanes[i] = lane >= 0 ? lane : MaxLanes;
        }

        return lanes;
    }

    /// <summary>The left edges of the columns, and the right edge of the last one, which is right-aligned.</summary>
    private static int[] Columns(string[][] cells, int left)
    {
        var edges = new List<int> { left };
        for (var column = 0; column < cells[0].Length; column++)
        {
            left += cells.Max(row => BitmapFont.Width(row[column])) + (column + 1 < cells[0].Length ? ColumnGap : 0);
            edges.Add(left);
        }

        return [.. edges];
    }

    private static void DrawCells(Canvas canvas, string[] cells, int[] columns, int top, Color color)
    {
        var y = top + ((RowHeight - BitmapFont.Height) / 2) + 1;
        for (var column = 0; column < cells.Length; column++)
        {
            var isLast = column == cells.Length - 1;
            canvas.DrawText(cells[column], isLast ? columns[^1] - BitmapFont.Width(cells[column]) : columns[column], y,
                column == 1 ? NetworkColors.Faint : color);
        }
    }

    private static void DrawConnections(Canvas canvas, List<(int From, int To)> routes, int[] lanes, int main, int first)
    {
        for (var i = 0; i < routes.Count; i++)
        {
            var (from, to) = (first + (routes[i].From * RowHeight), first + (routes[i].To * RowHeight));
            var color = lanes[i] < 0 ? NetworkColors.Faint : Lines[lanes[i] % Lines.Length];
            var x = main - Dot - 3 - ((lanes[i] + 1) * LaneWidth) + LaneWidth;
            if (lanes[i] < 0)
            {
                canvas.Fill(main, from, 1, to - from, color);
                continue;
            }

            canvas.Fill(x, from + 2, main - x, 1, color);
            canvas.Fill(x, from + 2, 1, to - from - 4, color);
            canvas.Fill(x, to - 2, main - x, 1, color);
        }
    }

    /// <summary>A dot per layer and a bar, its height by the map's size and its width by the number of channels.</summary>
    private static void DrawLayers(Canvas canvas, ResolvedNetwork network, int main, int first)
    {
        var side = (double)Math.Max(network.Spec.Input.Height, network.Spec.Input.Width);
        DrawLayer(canvas, NetworkColors.Image, network.Spec.Input.Shape, side, main, first);
        for (var i = 0; i < network.Layers.Count; i++)
        {
            DrawLayer(canvas, NetworkColors.For(network.Layers[i].Spec), network.Layers[i].OutputShape, side, main,
                first + ((i + 1) * RowHeight));
        }
    }

    private static void DrawLayer(Canvas canvas, Color color, TensorShape shape, double side, int main, int y)
    {
        canvas.Fill(main - (Dot / 2), y - (Dot / 2), Dot, Dot, NetworkColors.Shaded(color, 0.7));
        var height = 2 + (int)Math.Round((RowHeight - 6) * Math.Sqrt((shape.IsMap ? shape.Height : 1) / side));
        var width = Math.Min(BarMargin - 12, 2 + (int)Math.Round(5 * Math.Log2(1 + shape.Channels)));
        canvas.Fill(main + Dot + 3, y - (height / 2), width, height, color);
    }
}
