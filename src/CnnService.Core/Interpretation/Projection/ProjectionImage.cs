using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Draws a projection as a scatter plot: one mark an image, coloured by class, hollow if the prediction is wrong. Both axes have the
/// same scale.
/// </summary>
public static class ProjectionImage
{
    private const int Side = 620;
    private const int Padding = 16;
    private const int LabelMargin = 84;
    private const int LegendMargin = 250;
    private const int TextScale = 2;
    private const int LineHeight = (BitmapFont.Height * TextScale) + 6;
    private const int Top = Padding + (2 * LineHeight) + 4;
    private const int MaxNamed = 24;
    private const double Margin = 0.04;

    private static readonly Color GridLine = Color.FromRgb(0xE3E8EC);
    private static readonly Color Axis = Color.FromRgb(0x8794A0);

    private static readonly Box Area = new(Padding + LabelMargin, Top, Side, Side);

    /// <param name="projection">A projection of at least one image.</param>
    public static PixelBuffer Draw(ProjectionFigures projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var canvas = new Canvas(Area.Right + LegendMargin, Area.Bottom + (2 * LineHeight) + Padding, CurvePanel.Paper);
        var room = canvas.Image.Width - (2 * Padding);
        Write(canvas,
            $"{projection.Model}:{ContentKey.Text(projection.Version)} {projection.Layer}: "
            + $"{ContentKey.Text(projection.Images.Count)} {projection.Split} images of {projection.Dataset}", Padding, Padding, room);
        Write(canvas, Caption(projection), Padding, Padding + LineHeight, room);
        var frame = PlotBounds.Enclose(projection.Images);
        DrawAxes(canvas, projection, frame);
        var labels = projection.Classes.Index().ToDictionary(named => named.Item, named => named.Index, StringComparer.Ordinal);
        foreach (var image in projection.Images.OrderBy(image => image.IsCorrect == false))
        {
            ScatterMark.For(labels[image.Class]).Draw(canvas, frame.Column(image.X), frame.Row(image.Y), image.IsCorrect == false);
        }

        DrawLegend(canvas, projection, labels);
        return canvas.Image;
    }

    private static string Caption(ProjectionFigures projection)
    {
        var trust = projection.Trustworthiness is { } known
            ? $", trustworthiness {known.ToString("F2", CultureInfo.InvariantCulture)}"
            : "";
        return projection.Method == ProjectionMethod.Pca
            ? $"principal components of {ContentKey.Text(projection.Features)} features{trust}"
            : $"t-SNE of {ContentKey.Text(projection.Features)} features, perplexity "
                + $"{projection.Perplexity?.ToString("0.#", CultureInfo.InvariantCulture)}{trust}";
    }

    private static void DrawAxes(Canvas canvas, ProjectionFigures projection, PlotBounds frame)
    {
        foreach (var (value, label) in AxisTicks.Compute(frame.Bottom, frame.Bottom + frame.Span, 8))
        {
            var y = (int)Math.Round(frame.Row(value));
            canvas.Fill(Area.Left, y, Area.Width, 1, GridLine);
            canvas.DrawText(label, Area.Left - 8 - BitmapFont.Width(label), y - (BitmapFont.Height / 2), CurvePanel.Ink);
        }

        foreach (var (value, label) in AxisTicks.Compute(frame.Left, frame.Left + frame.Span, 8))
        {
            var x = (int)Math.Round(frame.Column(value));
            canvas.Fill(x, Area.Top, 1, Area.Height, GridLine);
            canvas.DrawText(label, x - (BitmapFont.Width(label) / 2), Area.Bottom + 6, CurvePanel.Ink);
        }

        canvas.Fill(Area.Left, Area.Top, 1, Area.Height, Axis);
        canvas.Fill(Area.Left, Area.Bottom, Area.Width + 1, 1, Axis);
        canvas.DrawText(AxisName(projection, 0), Area.Left, Area.Bottom + LineHeight, CurvePanel.Ink, TextScale);
        canvas.DrawTextUpwards(AxisName(projection, 1), Padding, Area.Bottom, CurvePanel.Ink, TextScale);
    }

    private static string AxisName(ProjectionFigures projection, int axis)
    {
        var number = ContentKey.Text(axis + 1);
        var variance = projection.ExplainedVariance.ElementAtOrDefault(axis);
        return projection.Method == ProjectionMethod.Tsne
            ? $"t-SNE {number}"
            : $"component {number}: {100 * variance:F1}% of the variance";
    }

    private static void DrawLegend(Canvas canvas, ProjectionFigures projection, Dictionary<string, int> labels)
    {
        var (left, top) = (Area.Right + (2 * Padding), Area.Top);
        var counts = projection.Images.GroupBy(image => image.Class, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        string[] shown = [.. projection.Classes.Where(counts.ContainsKey)];
        foreach (var name in shown.Take(MaxNamed))
        {
            Entry(ScatterMark.For(labels[name]), $"{name} {ContentKey.Text(counts[name])}", isHollow: false);
        }

        if (shown.Length > MaxNamed)
        {
            Write(canvas, $"and {ContentKey.Text(shown.Length - MaxNamed)} more", left, top, LegendMargin - (3 * Padding));
            top += LineHeight;
        }

        var wrong = projection.Images.Count(image => image.IsCorrect == false);
        if (projection.Images.Any(image => image.IsCorrect is not null))
        {
            Entry(new(CurvePanel.Ink, 0), $"mistaken {ContentKey.Text(wrong)}", isHollow: true);
        }

        void Entry(ScatterMark mark, string text, bool isHollow)
        {
            mark.Draw(canvas, left, top + (LineHeight / 2) - 4, isHollow);
            Write(canvas, text, left + ScatterMark.MaxRadius + 6, top, LegendMargin - (3 * Padding) - ScatterMark.MaxRadius);
            top += LineHeight;
        }
    }

    /// <summary>Writes large text if it fits, else small text, truncated if need be.</summary>
    private static void Write(Canvas canvas, string text, int left, int top, int room)
    {
        var isLarge = TextScale * BitmapFont.Width(text) <= room;
        canvas.DrawText(PlotText.Truncate(text, room / BitmapFont.Advance), left, isLarge ? top : top + (BitmapFont.Height / 2),
            CurvePanel.Ink, isLarge ? TextScale : 1);
    }

    /// <summary>The visible part of the plane: a square around all points.</summary>
    internal readonly record struct PlotBounds(double Left, double Bottom, double Span)
    {
        public static PlotBounds Enclose(IReadOnlyList<ProjectedImage> images)
        {
            var (left, right) = (images.Min(image => image.X), images.Max(image => image.X));
            var (bottom, top) = (images.Min(image => image.Y), images.Max(image => image.Y));
            var widest = Math.Max(right - left, top - bottom);
            var span = widest > 0 ? widest * (1 + (2 * Margin)) : 1;
            return new((left + right - span) / 2, (bottom + top - span) / 2, span);
        }

        public double Column(double x) => Area.Left + ((x - Left) / Span * Area.Width);

        public double Row(double y) => Area.Bottom - ((y - Bottom) / Span * Area.Height);
    }
}
