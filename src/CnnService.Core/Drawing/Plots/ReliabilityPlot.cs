using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Drawing.Plots;

/// <summary>
/// Draws a reliability diagram: for each part of the confidence the share of images that were predicted right, before and after
/// calibration. On the diagonal, confidence is accuracy; below it the network is too sure.
/// </summary>
public static class ReliabilityPlot
{
    public const int Width = 1000;

    public const int Height = 620;

    private const int TextScale = 2;
    private const int LineHeight = BitmapFont.Height * TextScale;
    private const int Padding = 20;
    private const int Side = 400;
    private const int Margin = 70;
    private const int Counts = 60;
    private const int Ticks = 5;

    private static readonly Color Bars = Color.FromRgb(0x0C7CBA);
    private static readonly Color Diagonal = Color.FromRgb(0xB4BDC6);
    private static readonly Color GridLine = Color.FromRgb(0xE3E8EC);
    private static readonly Color Images = Color.FromRgb(0x8A949E);

    /// <param name="calibration">The calibration to draw.</param>
    /// <param name="title">One line; truncated to the width.</param>
    public static PixelBuffer Draw(VersionCalibration calibration, string title)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(title);
        var canvas = new Canvas(Width, Height, CurvePanel.Paper);
        var shown = PlotText.Truncate(title, (Width - (2 * Padding)) / (BitmapFont.Advance * TextScale));
        canvas.DrawText(shown, Padding, Padding, CurvePanel.Ink, TextScale);
        Panel(canvas, Margin, $"before: error {100 * calibration.EceBefore:F1}%", calibration.Before);
        Panel(canvas, Margin + (Width / 2), $"temperature {calibration.Temperature:F2}: error {100 * calibration.EceAfter:F1}%",
            calibration.After);
        canvas.DrawText(
            $"confidence across, accuracy upwards; below: how many of the {calibration.JudgedOn} images", Padding,
            Height - LineHeight - (Padding / 2), CurvePanel.Ink, TextScale);
        return canvas.Image;
    }

    private static void Panel(Canvas canvas, int left, string title, IReadOnlyList<ReliabilityBin> bins)
    {
        var top = Padding + (3 * LineHeight);
        canvas.DrawText(title, left, top - LineHeight - 4, CurvePanel.Ink, TextScale);
        var bottom = top + Side;
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var place = Side * tick / Ticks;
            canvas.Fill(left, bottom - place, Side, 1, GridLine);
            canvas.DrawText($"{(double)tick / Ticks:F1}", left - 34, bottom - place - (BitmapFont.Height / 2), CurvePanel.Ink);
            canvas.DrawText($"{(double)tick / Ticks:F1}", left + place - 8, bottom + Counts + 6, CurvePanel.Ink);
        }

        var most = Math.Max(1, bins.Max(bin => bin.Images));
        for (var i = 0; i < bins.Count; i++)
        {
            var (from, to) = (left + (Side * i / bins.Count) + 1, left + (Side * (i + 1) / bins.Count) - 1);
            var height = (int)Math.Round(bins[i].Accuracy * Side);
            canvas.Fill(from, bottom - height, to - from, height, Bars);
            var count = (int)Math.Ceiling((double)bins[i].Images / most * (Counts - 10));
            canvas.Fill(from, bottom + 6, to - from, count, Images);
        }

        for (var i = 0; i < Side; i++)
        {
            canvas.Fill(left + i, bottom - i - 1, 2, 2, Diagonal);
        }
    }
}
