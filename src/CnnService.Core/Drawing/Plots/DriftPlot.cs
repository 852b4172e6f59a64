using CnnService.Core.Classification.Drift;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws a drift report: shares of classes and of confidences, baseline and current side by side.</summary>
public static class DriftPlot
{
    /// <summary>Maximum number of classes; those that changed most are shown.</summary>
    public const int MostClasses = 20;

    public const int Width = 760;

    private const int TextScale = 2;
    private const int LineHeight = BitmapFont.Height * TextScale;
    private const int Padding = 16;
    private const int Gap = 8;
    private const int LabelRoom = 180;
    private const int ValueRoom = 120;
    private const int Bar = 12;
    private const int Row = (2 * Bar) + 10;

    private static readonly Color Before = Color.Of(0xB4BDC6);
    private static readonly Color Now = Color.Of(0x0C7CBA);

    /// <param name="report">The report to draw.</param>
    /// <param name="title">One line; truncated to the width.</param>
    public static PixelBuffer Draw(DriftReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(title);
        DriftBar[] classes = [.. report.Classes.OrderByDescending(one => one.Psi).Take(MostClasses).Select(one => new DriftBar(one.Name, one.BaselineShare, one.Share))];
        DriftBar[] tenths = [.. report.Tenths.Select((count, tenth) => new DriftBar(
            FormattableString.Invariant($"{tenth / 10.0:F1} - {(tenth + 1) / 10.0:F1}"), Share(report.BaselineTenths, tenth), Share(report.Tenths, tenth)))];
        var height = (2 * Padding) + (6 * (LineHeight + Gap)) + ((classes.Length + tenths.Length) * Row);
        var canvas = new Canvas(Width, height, CurvePanel.Paper);
        var top = Padding;
        Line(canvas, title, ref top);
        Legend(canvas, report, ref top);
        Panel(canvas, FormattableString.Invariant($"Classes: index {report.ClassDistribution.Psi:F3}, chance up to {report.ClassDistribution.Chance:F3}"), classes, ref top);
        top += LineHeight;
        Panel(canvas, FormattableString.Invariant($"Confidence: index {report.Confidence.Psi:F3}, chance up to {report.Confidence.Chance:F3}"), tenths, ref top);
        return canvas.Picture;
    }

    private static double Share(IReadOnlyList<long> counts, int i) => counts.Sum() == 0 ? 0 : (double)counts[i] / counts.Sum();

    private static void Line(Canvas canvas, string text, ref int top)
    {
        canvas.Write(PlotText.Fit(text, (Width - (2 * Padding)) / (BitmapFont.Advance * TextScale)), Padding, top, CurvePanel.Ink, TextScale);
        top += LineHeight + Gap;
    }

    private static void Legend(Canvas canvas, DriftReport report, ref int top)
    {
        var left = Padding;
        foreach (var (color, text) in new[]
        {
            (Before, FormattableString.Invariant($"before: {report.BaselinePredictions}")), (Now, FormattableString.Invariant($"now: {report.Predictions} predictions")),
        })
        {
            canvas.Fill(left, top + 2, Bar, Bar, color);
            canvas.Write(text, left + Bar + Gap, top, CurvePanel.Ink, TextScale);
            left += Bar + (3 * Gap) + (BitmapFont.Width(text) * TextScale);
        }

        top += LineHeight + (2 * Gap);
    }

    private static void Panel(Canvas canvas, string title, DriftBar[] bars, ref int top)
    {
        Line(canvas, title, ref top);
        var room = Width - (2 * Padding) - LabelRoom - ValueRoom;
        var largest = Math.Max(1e-9, bars.Max(bar => Math.Max(bar.Before, bar.Now)));
        foreach (var bar in bars)
        {
            canvas.Write(PlotText.Fit(bar.Name, (LabelRoom - Gap) / (BitmapFont.Advance * TextScale)), Padding, top + Bar - (LineHeight / 2), CurvePanel.Ink, TextScale);
            Half(canvas, bar.Before, largest, room, top, Before);
            Half(canvas, bar.Now, largest, room, top + Bar, Now);
            top += Row;
        }
    }

    private static void Half(Canvas canvas, double share, double largest, int room, int top, Color color)
    {
        var length = (int)Math.Round(share / largest * room);
        canvas.Fill(Padding + LabelRoom, top, length, Bar - 1, color);
        canvas.Write(FormattableString.Invariant($"{100 * share:F1}%"), Padding + LabelRoom + length + Gap, top + 1, CurvePanel.Ink);
    }

    private sealed record DriftBar(string Name, double Before, double Now);
}
