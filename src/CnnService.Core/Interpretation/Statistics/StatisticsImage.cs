using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Statistics;

/// <summary>
/// Draws the filters of a layer as bar charts, strongest first: the largest activation of each, and the share of images it fires on. Dead
/// filters are red.
/// </summary>
internal static class StatisticsImage
{
    private const int Padding = 16;
    private const int PlotHeight = 140;
    private const int TitleMargin = 26;
    private const int MinWidth = 640;

    private static readonly Color Paper = Color.FromRgb(0xFFFFFF);
    private static readonly Color Ink = Color.FromRgb(0x1B2127);
    private static readonly Color Rule = Color.FromRgb(0xD5DBE1);

    /// <param name="scan">A scan of the layer.</param>
    public static PixelBuffer Draw(LayerScan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        FilterFigures[] sorted = [.. scan.Filters.OrderByDescending(filter => filter.Max).ThenBy(filter => filter.Filter)];
        var bar = Math.Max(1, (MinWidth - (2 * Padding)) / sorted.Length);
        var width = Math.Max(MinWidth, (2 * Padding) + (bar * sorted.Length));
        var canvas = new Canvas(width, (2 * Padding) + (3 * TitleMargin) + (2 * (PlotHeight + TitleMargin)), Paper);
        var top = Padding;
        Line(canvas,
            $"{scan.Model}:{ContentKey.Text(scan.Version)} {scan.Layer}, {ContentKey.Text(scan.Images)} "
            + $"{scan.Split} images of {scan.Dataset}", ref top);
        Line(canvas,
            string.Join(", ",
                scan.Statuses.OrderByDescending(status => status.Value).Select(status => $"{ContentKey.Text(status.Value)} {status.Key}")),
                ref top);
        var largest = Math.Max(1e-12, sorted.Max(filter => Math.Abs(filter.Max)));
        Line(canvas, $"largest answer of each filter, up to {largest.ToString("G3", CultureInfo.InvariantCulture)}", ref top);
        Bars(canvas, sorted, filter => filter.Max / largest, bar, ref top);
        Line(canvas, "share of the images it fires on, 0 to 1, in the same order", ref top);
        Bars(canvas, sorted, filter => filter.FiringImages, bar, ref top);
        return canvas.Image;
    }

    /// <summary>Colour by status; silent and dead filters show as short red bars.</summary>
    internal static Color ColorOf(FilterStatus status) => status switch
    {
        FilterStatus.Dead or FilterStatus.Silent => Color.FromRgb(0xD62728),
        FilterStatus.Rare => Color.FromRgb(0xE69F00),
        FilterStatus.Always => Color.FromRgb(0x56B4E9),
        _ => Color.FromRgb(0x0C7CBA),
    };

    private static void Line(Canvas canvas, string text, ref int top)
    {
        var room = canvas.Image.Width - (2 * Padding);
        canvas.DrawText(PlotText.Truncate(text, room / BitmapFont.Advance), Padding, top, Ink, 2 * BitmapFont.Width(text) <= room ? 2 : 1);
        top += TitleMargin;
    }

    private static void Bars(Canvas canvas, FilterFigures[] filters, Func<FilterFigures, double> share, int bar, ref int top)
    {
        canvas.Fill(Padding, top + PlotHeight - 1, bar * filters.Length, 1, Rule);
        for (var i = 0; i < filters.Length; i++)
        {
            var height = Math.Max(3, (int)Math.Round(Math.Max(0, share(filters[i])) * (PlotHeight - 4)));
            canvas.Fill(Padding + (i * bar), top + PlotHeight - 1 - height, Math.Max(1, bar - 1), height, ColorOf(filters[i].Status));
        }

        top += PlotHeight;
    }
}
