using CnnService.Core.Classification.Drift;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws a drift report: shares of classes and of confidences, baseline and current side by side.</summary>
public static class DriftPlot
{
    /// <summary>Maximum number of classes; those that changed most are shown.</summary>
    public const int MaxClasses = 20;

    public const int Width = 760;

    private const int TextScale = 2;
    private const int LineHeight = BitmapFont.Height * TextScale;
    private const int Padding = 16;
    private const int Gap = 8;
    private const int LabelMargin = 180;
    private const int ValueMargin = 120;
    private const int Bar = 12;
    private const int Row = (2 * Bar) + 10;

    private static readonly Color Before = Color.FromRgb(0xB4BDC6);
    private static readonly Color Now = Color.FromRgb(0x0C7CBA);

    /// <param name="report">The report to draw.</param>
    /// <param name="title">One line; truncated to the width.</param>
    public static PixelBuffer Draw(DriftReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(title);
        DriftBar[] classes = [
            .. report.Classes.OrderByDescending(one => one.Psi).Take(MaxClasses)
                .Select(one => new DriftBar(one.Name, one.BaselineShare, one.Share))];
        DriftBar[] tenths = [.. report.Tenths.Select((count, tenth) => new DriftBar(
            $"{tenth / 10.0:F1} - {(tenth + 1) / 10.0:F1}", Share(report.BaselineTenths, tenth), Share(report.Tenths, tenth)))];
        var height = (2 * Padding) + (6 * (LineHeight + Gap)) + ((classes.Length + tenths.Length) * Row);
        var canvas = new Canvas(Width, height, CurvePanel.Paper);
        var top = Padding;
        DrawLine(canvas, title, ref top);
        Legend(canvas, report, ref top);
        Panel(canvas, $"Classes: index {report.ClassDistribution.Psi:F3}, chance up to {report.ClassDistribution.Chance:F3}", classes,
            ref top);
        top += LineHeight;
        Panel(canvas, $"Confidence: index {report.Confidence.Psi:F3}, chance up to {report.Confidence.Chance:F3}", tenths, ref top);
        return canvas.Image;
    }

    private static double Share(IReadOnlyList<long> counts, int i) => counts.Sum() == 0 ? 0 : (double)counts[i] / counts.Sum();

    private static void DrawLine(Canvas canvas, string text, ref int top)
    {
        canvas.DrawText(PlotText.Truncate(text, (Width - (2 * Padding)) / (BitmapFont.Advance * TextScale)), Padding, top, CurvePanel.Ink,
            TextScale);
        top += LineHeight + Gap;
    }

    private static void Legend(Canvas canvas, DriftReport report, ref int top)
    {
        var left = Padding;
        foreach (var (color, text) in new[]
        {
            (Before, $"before: {report.BaselinePredictions}"), (Now, $"now: {report.Predictions} predictions"),
        })
        {
            canvas.Fill(left, top + 2, Bar, Bar, color);
            canvas.DrawText(text, left + Bar + Gap, top, CurvePanel.Ink, TextScale);
            left += Bar + (3 * Gap) + (BitmapFont.Width(text) * TextScale);
        }

        top += LineHeight + (2 * Gap);
    }

    private static void Panel(Canvas canvas, string title, DriftBar[] bars, ref int top)
    {
        DrawLine(canvas, title, ref top);
        var room = Width - (2 * Padding) - LabelMargin - ValueMargin;
        var largest = Math.Max(1e-9, bars.Max(bar => Math.Max(bar.Before, bar.Now)));
        foreach (var bar in bars)
        {
            canvas.DrawText(PlotText.Truncate(bar.Name, (LabelMargin - Gap) / (BitmapFont.Advance * TextScale)), Padding,
                top + Bar - (LineHeight / 2), CurvePanel.Ink, TextScale);
            DrawBar(canvas, bar.Before, largest, room, top, Before);
            DrawBar(canvas, bar.Now, largest, room, top + Bar, Now);
            top += Row;
        }
    }

    private static void DrawBar(Canvas canvas, double share, double largest, int room, int top, Color color)
    {
        var length = (int)Math.Round(share / largest * room);
        canvas.Fill(Padding + LabelMargin, top, length, Bar - 1, color);
        canvas.DrawText($"{100 * share:F1}%", Padding + LabelMargin + length + Gap, top + 1, CurvePanel.Ink);
    }

    private sealed record DriftBar(string Name, double Before, double Now);
}
