using System.Text.Json.Serialization;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Draws a heat map over its image, alone, or beside both, with a legend below.</summary>
internal static class ExplanationImage
{
    private const double Opacity = 0.45;
    private const int Margin = 6;
    private const int BarHeight = 10;
    private const int MinWidth = 260;

    private static readonly Color Background = Color.FromRgb(0x101418);
    private static readonly Color TextColor = Color.FromRgb(0xF2F5F7);
    private static readonly Color FaintColor = Color.FromRgb(0xAEBAC4);

    /// <param name="plan">Method and class, for the legend.</param>
    /// <param name="map">The map to draw.</param>
    /// <param name="shown">The image to draw over, RGB; any size and aspect ratio.</param>
    /// <param name="view">Which panels to draw.</param>
    public static PixelBuffer Draw(ExplanationPlan plan, Explanation map, PixelBuffer shown, ExplainView view)
    {
        var scale = HeatScale.Create(plan.Method, map);
        PixelBuffer[] panels = view switch
        {
            ExplainView.Heatmap => [Heat(map, scale, shown.Width, shown.Height)],
            ExplainView.Side => [shown, Heat(map, scale, shown.Width, shown.Height), Overlay(map, scale, shown)],
            _ => [Overlay(map, scale, shown)],
        };
        var width = Math.Max(MinWidth, panels.Length * shown.Width) + (Margin * (panels.Length - 1));
        var lines = Lines(plan, map);
        var canvas = new Canvas(width, shown.Height + LegendHeight(lines.Length), Background);
        foreach (var (place, panel) in panels.Index())
        {
            canvas.DrawImage(panel, (place * (shown.Width + Margin)) + (panels.Length == 1 ? (width - shown.Width) / 2 : 0), 0);
        }

        Legend(canvas, scale, lines, shown.Height + Margin);
        return canvas.Image;
    }

    /// <summary>The heat map over its image, without a legend.</summary>
    public static PixelBuffer Overlay(ExplainMethod method, Explanation map, PixelBuffer shown) =>
        Overlay(map, HeatScale.Create(method, map), shown);

    private static PixelBuffer Overlay(Explanation map, HeatScale scale, PixelBuffer shown) =>
        Canvas.Overlay(shown, Heat(map, scale, shown.Width, shown.Height), Opacity);

    private static PixelBuffer Heat(Explanation map, HeatScale scale, int width, int height)
    {
        var values = Resampling.Bilinear(map.Values as float[] ?? [.. map.Values], map.Height, map.Width, height, width);
        var image = new PixelBuffer(width, height, 3);
        for (var i = 0; i < values.Length; i++)
        {
            var color = scale.Colors.At(scale.Share(values[i]));
            (image.Data[3 * i], image.Data[(3 * i) + 1], image.Data[(3 * i) + 2]) = (color.Red, color.Green, color.Blue);
        }

        return image;
    }

    private static int LegendHeight(int lines) => Margin + (lines * (BitmapFont.Height + 3)) + BarHeight + 3 + BitmapFont.Height + Margin;

    private static void Legend(Canvas canvas, HeatScale scale, string[] lines, int top)
    {
        var letters = (canvas.Image.Width - (2 * Margin) + 1) / BitmapFont.Advance;
        foreach (var (number, line) in lines.Index())
        {
            canvas.DrawText(PlotText.Truncate(line, letters), Margin, top, number == 0 ? TextColor : FaintColor);
            top += BitmapFont.Height + 3;
        }

        var width = canvas.Image.Width - (2 * Margin);
        for (var x = 0; x < width; x++)
        {
            canvas.Fill(Margin + x, top, 1, BarHeight, scale.Colors.At(x / (double)(width - 1)));
        }

        top += BarHeight + 3;
        var (low, high) = (Text(scale.Low), Text(scale.High));
        canvas.DrawText(low, Margin, top, FaintColor);
        canvas.DrawText(high, canvas.Image.Width - Margin - BitmapFont.Width(high), top, FaintColor);
        if (scale.Low < 0)
        {
            canvas.DrawText("0", (canvas.Image.Width - BitmapFont.Width("0")) / 2, top, FaintColor);
        }
    }

    private static string[] Lines(ExplanationPlan plan, Explanation map)
    {
        var classes = plan.Model.Manifest.Classes;
        var (index, predicted) = (map.Target.Index, map.Target.Predicted);
        var status = map.Status switch
        {
            ExplainStatus.Empty => "  nothing speaks for it",
            ExplainStatus.Weak => "  (weak)",
            _ => "",
        };
        var said = index == predicted ? " (predicted)" : "";
        return
        [
            $"{classes[index]}  p {map.Target.Probability:0.000}{said}{status}",
            .. index == predicted ? (string[])[] : [$"predicted: {classes[predicted]}"],
            $"{plan.Method.ToWireName()}{(plan.Layer is null ? "" : $" {plan.Layer.Name} "
                + $"{map.MapHeight}x{map.MapWidth}")}  {plan.Model.Name}:{ContentKey.Text(plan.Model.Version)}",
        ];
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) is >= 0.001 and < 10000 or 0 ? "0.####" : "0.##E0", CultureInfo.InvariantCulture);
}

/// <summary>Which panels an explanation's figure has.</summary>
public enum ExplainView
{
    Overlay,

    [JsonStringEnumMemberName("heat")]
    Heatmap,

    /// <summary>Image, heat map and overlay side by side.</summary>
    Side,
}
