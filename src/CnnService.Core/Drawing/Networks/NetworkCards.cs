using CnnService.Core.Architecture;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Networks;

/// <summary>
/// A network as cards from top to bottom, in as many columns as it needs: branches beside each other, connections as lines, and repeated
/// blocks drawn once.
/// </summary>
/// <param name="Segments">Of the network, in order; the first begins with the image.</param>
/// <param name="Input">Shape of the image.</param>
internal sealed record NetworkCards(IReadOnlyList<NetworkSegment> Segments, TensorShape Input) : Block
{
    private const double CardWidth = 192;
    private const double CardHeight = 52;
    private const double Across = 12;
    private const double Down = 16;
    private const double Lane = 8;
    private const double Padding = 10;
    private const double RepeatLine = 18;
    private const double ColumnGap = 28;
    private const double MaxWidth = 1160;
    private const double Strip = 4;

    private const double MinHeight = 600;
    private const double HeightStep = 40;
    private const int MaxSteps = 300;

    private static readonly TextStyle Name = Typography.Caption;
    private static readonly TextStyle Detail = new(11, FontWeight.Regular, Ink.Faint);

    public override Extent Measure(Lettering lettering)
    {
        var placed = Arrange();
        return new(placed.Max(one => one.X + Width(one.Segment)), placed.Max(one => one.Y + Height(one.Segment)));
    }

    public override void Draw(Sketch sketch, double x, double y)
    {
        (double X, double Y)? before = null;
        var placed = Arrange();
        foreach (var (segment, left, top) in placed)
        {
            var entry = (X: x + left + (Width(segment) / 2), Y: y + top);
            if (before is { } from)
            {
                Connect(sketch, from, entry, x + placed.Where(one => one.X + Width(one.Segment) > left && one.X < left + Width(segment))
                    .Min(one => one.X) - (ColumnGap / 2));
            }

            before = DrawSegment(sketch, segment, x + left, y + top, before is not null);
        }
    }

    private static bool IsBlock(NetworkSegment segment) => segment.Nodes.Count > 1 || segment.Times > 1;

    private static double Width(NetworkSegment segment)
    {
        var widest = segment.Ranks().CountBy(rank => rank).Max(rank => rank.Value);
        return (widest * (CardWidth + Across)) - Across + (2 * Side(segment));
    }

    private static double Height(NetworkSegment segment) => ((segment.Ranks().Max() + 1) * (CardHeight + Down)) - Down
        + (IsBlock(segment) ? (2 * Padding) + Down : 0) + (segment.Times > 1 ? RepeatLine : 0);

    /// <summary>Room on both sides of the cards, for lines that pass rows and for the frame.</summary>
    private static double Side(NetworkSegment segment) => IsBlock(segment) ? Padding + (Lane * Skips(segment).Count) : 0;

    /// <summary>Connections that pass at least one row: from a row (-1: what comes in) to a node.</summary>
    private static List<(int From, int To)> Skips(NetworkSegment segment)
    {
        var ranks = segment.Ranks();
        var rows = segment.Nodes.Select((node, i) => (node.Index, ranks[i])).ToDictionary(pair => pair.Index, pair => pair.Item2);
        return [.. segment.Nodes.Index().SelectMany(node => node.Item.Node.Inputs.Distinct()
            .Where(input => ranks[node.Index] - rows.GetValueOrDefault(input, -1) > 1)
            .Select(input => (segment.Nodes.Index().FirstOrDefault(other => other.Item.Index == input, (-1, default)).Index, node.Index)))];
    }

    private static void Connect(Sketch sketch, (double X, double Y) from, (double X, double Y) to, double between)
    {
        if (to.Y > from.Y)
        {
            Elbow(sketch, from, to, (from.Y + to.Y) / 2);
            return;
        }

        // On to the next column: down, across between the columns, and in from above.
        sketch.Add(new PathShape(
            [new(from.X, from.Y), new(from.X, from.Y + 8), new(between, from.Y + 8), new(between, to.Y - 8), new(to.X, to.Y - 8),
                new(to.X, to.Y)],
            Ink.Axis, 1.5));
        Arrow(sketch, to.X, to.Y);
    }

    private static void Elbow(Sketch sketch, (double X, double Y) from, (double X, double Y) to, double bend)
    {
        sketch.Add(new PathShape([new(from.X, from.Y), new(from.X, bend), new(to.X, bend), new(to.X, to.Y)], Ink.Axis, 1.5));
        Arrow(sketch, to.X, to.Y);
    }

    private static void Arrow(Sketch sketch, double x, double y) =>
        sketch.Add(new PathShape([new(x - 3.5, y - 6), new(x + 3.5, y - 6), new(x, y), new(x - 3.5, y - 6)], null, 0, Ink.Axis));

    private List<(NetworkSegment Segment, double X, double Y)> Arrange()
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            if (Arrange(MinHeight + (step * HeightStep)) is var placed && placed.Max(one => one.X + Width(one.Segment)) <= MaxWidth)
            {
                return placed;
            }
        }

        return Arrange(double.PositiveInfinity);
    }

    /// <summary>The segments in columns of at most this height, relative to the upper left corner.</summary>
    private List<(NetworkSegment Segment, double X, double Y)> Arrange(double maxHeight)
    {
        List<(NetworkSegment Segment, double X, double Y)> placed = [];
        List<NetworkSegment> column = [];
        var (left, top) = (0.0, 0.0);
        foreach (var segment in Segments)
        {
            if (column.Count > 0 && top + Height(segment) > maxHeight)
            {
                left += Close();
            }

            column.Add(segment);
            top += Height(segment) + Down;
        }

        Close();
        return placed;

        double Close()
        {
            var width = column.Max(Width);
            var y = placed.Count > 0 ? 10.0 : 0;
            foreach (var segment in column)
            {
                placed.Add((segment, left + ((width - Width(segment)) / 2), y));
                y += Height(segment) + Down;
            }

            column.Clear();
            top = 0;
            return width + ColumnGap;
        }
    }

    /// <summary>Draws the cards of a segment with their connections; returns where it is left.</summary>
    private (double X, double Y) DrawSegment(Sketch sketch, NetworkSegment segment, double x, double y, bool hasEntry)
    {
        var (width, height) = (Width(segment), Height(segment));
        var top = y;
        if (IsBlock(segment))
        {
            sketch.Add(new RectangleShape(x + 0.5, y + 0.5, width - 1, height - 1, Ink.Ground, Ink.Rule));
            top += Padding + Down;
        }

        var ranks = segment.Ranks();
        var places = new (double X, double Y)[segment.Nodes.Count];
        foreach (var row in segment.Nodes.Index().GroupBy(node => ranks[node.Index]))
        {
            var count = row.Count();
            var left = x + ((width - ((count * (CardWidth + Across)) - Across)) / 2);
            foreach (var (number, node) in row.Index())
            {
                places[node.Index] = (left + (number * (CardWidth + Across)), top + (row.Key * (CardHeight + Down)));
            }
        }

        DrawLines(sketch, segment, places, (x, y, width), hasEntry);
        foreach (var (number, node) in segment.Nodes.Index())
        {
            DrawCard(sketch, node.Node, places[number].X, places[number].Y);
        }

        var end = places[^1];
        if (!IsBlock(segment))
        {
            return (end.X + (CardWidth / 2), end.Y + CardHeight);
        }

        sketch.Line(end.X + (CardWidth / 2), end.Y + CardHeight, end.X + (CardWidth / 2), y + height, Ink.Axis, 1.5);
        if (segment.Times > 1)
        {
            WriteTimes(sketch, segment, x + (width / 2), y + height - (RepeatLine / 2) - 3, width);
        }

        return (end.X + (CardWidth / 2), y + height);
    }

    /// <summary>On the line that leaves the segment, which it interrupts.</summary>
    private static void WriteTimes(Sketch sketch, NetworkSegment segment, double x, double y, double width)
    {
        var text = sketch.Lettering.Fit($"{segment.Times} times, up to {segment.Last}", Name, width - 8);
        var room = sketch.Lettering.Width(text, Name) + 8;
        sketch.Fill(x - (room / 2), y - (Name.LineHeight / 2), room, Name.LineHeight, Ink.Ground);
        sketch.WriteBeside(text, Name, x, y, TextAnchor.Middle);
    }

    private static void DrawLines(
        Sketch sketch, NetworkSegment segment, (double X, double Y)[] places, (double X, double Y, double Width) frame, bool hasEntry)
    {
        var entry = (X: frame.X + (frame.Width / 2), frame.Y);
        var skips = Skips(segment);
        foreach (var (number, node) in segment.Nodes.Index())
        {
            foreach (var input in node.Node.Inputs.Distinct())
            {
                var source = segment.Nodes.Index().FirstOrDefault(other => other.Item.Index == input, (-1, default)).Index;
                if ((source < 0 && (!hasEntry || !IsBlock(segment))) || skips.Contains((source, number)))
                {
                    continue;
                }

                var from = source < 0 ? entry : (X: places[source].X + (CardWidth / 2), Y: places[source].Y + CardHeight);
                var to = (X: places[number].X + (CardWidth / 2), places[number].Y);
                Elbow(sketch, from, to, to.Y - (Down / 2));
            }
        }

        foreach (var (lane, skip) in skips.Index())
        {
            var from = skip.From < 0 ? entry : (X: places[skip.From].X + (CardWidth / 2), Y: places[skip.From].Y + CardHeight);
            var to = places[skip.To];
            var (x, out1) = (frame.X + Padding + (Lane * lane) - 2, from.Y + (skip.From < 0 ? Padding : Down / 2) - 3);
            var y = to.Y + (CardHeight / 2);
            sketch.Add(new PathShape([new(from.X, from.Y), new(from.X, out1), new(x, out1), new(x, y), new(to.X, y)], Ink.Series5, 1.5));
            sketch.Add(new PathShape([new(to.X - 6, y - 3.5), new(to.X - 6, y + 3.5), new(to.X, y), new(to.X - 6, y - 3.5)], null, 0,
                Ink.Series5));
        }
    }

    private void DrawCard(Sketch sketch, NetworkNode node, double x, double y)
    {
        var ink = NetworkInk.For(node.Main);
        sketch.Add(new RectangleShape(x + 0.5, y + 0.5, CardWidth - 1, CardHeight - 1, Ink.Paper, Ink.Axis));
        sketch.Fill(x, y, Strip, CardHeight, ink);
        var (left, room) = (x + Strip + 7, CardWidth - Strip - 12);
        var shape = LayerText.Shape(node.Layers.Count == 0 ? Input : node.Layers[^1].OutputShape);
        var parameters = LayerText.Rounded(node.Layers.Sum(layer => layer.Parameters));
        var main = node.Layers.FirstOrDefault(layer => layer.Spec == node.Main);
        sketch.Write(sketch.Lettering.Fit(main?.Name ?? NetworkSpec.InputName, Name, room), Name, left, y + 3);
        sketch.Write(sketch.Lettering.Fit(node.Kind, Detail, room), Detail, left, y + 19);
        sketch.Write(sketch.Lettering.Fit(parameters.Length > 0 ? $"{shape}, {parameters} parameters" : shape, Detail, room), Detail, left,
            y + 33);
    }
}
