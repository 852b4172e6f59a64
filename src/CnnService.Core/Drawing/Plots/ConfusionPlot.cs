using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws a confusion matrix: true classes in rows, predicted classes in columns, the share of the row as colour.</summary>
public static class ConfusionPlot
{
    /// <summary>Number of classes up to which cells show their counts.</summary>
    public const int MaxNumbered = 20;

    private const int Margin = 16;
    private const int TitleScale = 2;
    private const int LabelGap = 6;
    private const int MaxLetters = 16;
    private const int DefaultSide = 640;
    private const int MinNumbered = 34;
    private const int MinCell = 6;
    private const int MaxClassesAtMinCell = 200;
    private const int TinyCell = 2;
    private const int MaxCell = 96;

    /// <summary>Share of the row above which a cell is so dark that its text is drawn in white.</summary>
    private const double LightTextMinShare = 0.4;

    private static readonly Color Paper = Color.FromRgb(0xFFFFFF);
    private static readonly Color Ink = Color.FromRgb(0x28323C);
    private static readonly Color Faint = Color.FromRgb(0x6B7883);
    private static readonly Color GridLine = Color.FromRgb(0xD5DCE2);
    private static readonly Color EmptyCellColor = Color.FromRgb(0xF7FAFC);
    private static readonly Color FullCellColor = Color.FromRgb(0x08519C);

    /// <param name="judged">Its confusion matrix must not be empty.</param>
    /// <param name="title">Shown before the accuracy.</param>
    public static PixelBuffer Draw(SplitEvaluation judged, string title)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentOutOfRangeException.ThrowIfZero(judged.Confusion.Count);
        string[] names = [.. judged.Classes.Select(figures => PlotText.Truncate(figures.Name, MaxLetters))];
        var layout = Layout.Detect(names, Heading(judged, title));
        var canvas = new Canvas(layout.Width, layout.Height, Paper);
        canvas.DrawText(layout.Heading, Margin, Margin, Ink, TitleScale);
        canvas.DrawText(Caption(judged), Margin, Margin + (BitmapFont.Height * TitleScale) + LabelGap, Faint);
        for (var row = 0; row < names.Length; row++)
        {
            DrawRow(canvas, layout, judged.Confusion[row], row);
        }

        DrawLines(canvas, layout, names.Length);
        DrawNames(canvas, layout, names);
        return canvas.Image;
    }

    private static string Heading(SplitEvaluation judged, string title) =>
        $"{title}: accuracy {Percent(judged.Accuracy)}";

    private static string Caption(SplitEvaluation judged) =>
        $"{judged.Images} {judged.Split.ToWireName()} images; rows: true class, columns: predicted class; colour: share of the row";

    private static string Percent(double share) =>
        share.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    private static void DrawRow(Canvas canvas, Layout layout, IReadOnlyList<int> counts, int row)
    {
        var support = Math.Max(1, counts.Sum());
        for (var column = 0; column < counts.Count; column++)
        {
            var share = (double)counts[column] / support;
            var (left, top) = layout.Cell(row, column);
            canvas.Fill(left, top, layout.Side, layout.Side, Shade(share));
            if (layout.IsNumbered && counts[column] > 0)
            {
                DrawNumber(canvas, layout, ContentKey.Text(counts[column]), share, left, top);
            }
        }
    }

    /// <summary>The count and, where it fits, its share of the row below.</summary>
    private static void DrawNumber(Canvas canvas, Layout layout, string count, double share, int left, int top)
    {
        var color = share > LightTextMinShare ? Paper : Ink;
        var scale = layout.Side >= 64 && (BitmapFont.Width(count) * 2) + 4 <= layout.Side ? 2 : 1;
        var lines = layout.Side >= 44 ? 2 : 1;
        var height = (BitmapFont.Height * scale) + ((lines - 1) * (BitmapFont.Height + 2));
        var y = top + ((layout.Side - height) / 2) + 1;
        canvas.DrawText(count, left + ((layout.Side - (BitmapFont.Width(count) * scale)) / 2), y, color, scale);
        if (lines == 2)
        {
            var percent = Percent(share);
            canvas.DrawText(percent, left + ((layout.Side - BitmapFont.Width(percent)) / 2), y + (BitmapFont.Height * scale) + 2, color);
        }
    }

    /// <summary>White to blue; the square root makes the few errors visible beside the many correct predictions.</summary>
    private static Color Shade(double share)
    {
        var depth = Math.Sqrt(share);
        byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * depth));
        return new(Mix(EmptyCellColor.Red, FullCellColor.Red), Mix(EmptyCellColor.Green, FullCellColor.Green),
            Mix(EmptyCellColor.Blue, FullCellColor.Blue));
    }

    private static void DrawLines(Canvas canvas, Layout layout, int classes)
    {
        var every = layout.Side >= MinNumbered ? 1 : 10;
        var length = classes * layout.Side;
        for (var i = 0; i <= classes; i++)
        {
            if (i % every == 0 || i == classes)
            {
                canvas.Fill(layout.Left, layout.Top + (i * layout.Side), length + 1, 1, GridLine);
                canvas.Fill(layout.Left + (i * layout.Side), layout.Top, 1, length + 1, GridLine);
            }
        }
    }

    /// <summary>Where rows are lower than a line of text, only every n-th name is drawn.</summary>
    private static void DrawNames(Canvas canvas, Layout layout, string[] names)
    {
        var every = (BitmapFont.Height + 1 + layout.Side - 1) / layout.Side;
        for (var i = 0; i < names.Length; i += every)
        {
            var (left, top) = layout.Cell(i, i);
            var middle = (layout.Side - BitmapFont.Height) / 2;
            canvas.DrawText(names[i], layout.Left - LabelGap - BitmapFont.Width(names[i]), top + middle + 1, Ink);
            canvas.DrawTextUpwards(names[i], left + middle, layout.Top - LabelGap, Ink);
        }
    }

    /// <summary>Positions and sizes of the parts, pixels.</summary>
    private sealed record Layout(string Heading, int Left, int Top, int Side, int Width, int Height, bool IsNumbered)
    {
        public static Layout Detect(string[] names, string heading)
        {
            var room = names.Max(BitmapFont.Width) + LabelGap;
            var minSide = names.Length <= MaxNumbered ? MinNumbered : names.Length <= MaxClassesAtMinCell ? MinCell : TinyCell;
            var side = Math.Clamp(DefaultSide / names.Length, minSide, MaxCell);
            var left = Margin + room;
            var top = Margin + (BitmapFont.Height * (TitleScale + 1)) + (2 * LabelGap) + room;
            var caption = Margin + (BitmapFont.Width(heading) * TitleScale) + Margin;
            var width = Math.Max(Math.Max(left + (names.Length * side) + Margin, caption), 640);
            return new(heading, left, top, side, width, top + (names.Length * side) + Margin, names.Length <= MaxNumbered);
        }

        public (int Left, int Top) Cell(int row, int column) => (Left + (column * Side), Top + (row * Side));
    }
}
