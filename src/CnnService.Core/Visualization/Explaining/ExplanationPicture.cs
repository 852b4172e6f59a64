using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>
/// Draws an explanation over its picture, alone, or both side by side, with a legend. The map is enlarged before it is coloured, and divided by
/// its largest value only: where nothing speaks for the class, the colour is that of nothing.
/// </summary>
public static class ExplanationPicture
{
    private const int Margin = 6;
    private const int Bar = 10;
    private const int Line = BitmapFont.Height + 4;
    private const int Legend = Margin + Bar + (2 * Line);
    private const double UsualAlpha = 0.45;

    private static readonly Color Ground = Color.Of(0x101418);
    private static readonly Color Ink = Color.Of(0xE6EDF3);
    private static readonly Color Faint = Color.Of(0x9AA7B4);

    /// <param name="explanation">What to draw.</param>
    /// <param name="shown">The picture, in its own proportions.</param>
    /// <param name="layout">What to show of both.</param>
    /// <param name="alpha">How strongly the map covers the picture, 0–1; null: 0.45.</param>
    public static PixelBuffer Draw(Explanation explanation, PixelBuffer shown, ExplanationLayout layout, double? alpha = null)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(shown);
        var map = BilinearMap.Resize(explanation.Map.Span, explanation.Height, explanation.Width, shown.Height, shown.Width);
        var scale = Scale(explanation);
        var colors = Colors(explanation.Method);
        var heat = colors.Paint(Levels(explanation.Method, map, scale), shown.Width, shown.Height);
        PixelBuffer[] panels = layout switch
        {
            ExplanationLayout.Heat => [heat],
            ExplanationLayout.Side => [shown, heat, Over(shown, heat, alpha ?? UsualAlpha)],
            _ => [Over(shown, heat, alpha ?? UsualAlpha)],
        };
        return Sheet(explanation, panels, colors, scale);
    }

    /// <summary>The value that gets the strongest colour: outliers of single pixels are cut off, so that the rest can be seen.</summary>
    private static float Scale(Explanation explanation) => explanation.Method switch
    {
        ExplainMethod.Saliency or ExplainMethod.Smoothgrad => Quantile(explanation.Map.Span, 0.99),
        ExplainMethod.IntegratedGradients => HoldingMass(explanation.Map.Span, 0.98),
        _ => (float)explanation.Peak,
    };

    private static float Quantile(ReadOnlySpan<float> map, double share)
    {
        var sorted = map.ToArray();
        Array.Sort(sorted);
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    /// <summary>The magnitude below which so much of the sum of all magnitudes lies.</summary>
    private static float HoldingMass(ReadOnlySpan<float> map, double share)
    {
        var sorted = map.ToArray().Select(Math.Abs).Order().ToArray();
        var left = sorted.Sum(value => (double)value) * share;
        foreach (var value in sorted)
        {
            left -= value;
            if (left <= 0)
            {
                return value;
            }
        }

        return sorted[^1];
    }

    private static byte[] Levels(ExplainMethod method, float[] map, float scale)
    {
        var levels = new byte[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            var value = scale > 0 ? Math.Clamp(map[i] / scale, -1, 1) : 0;
            levels[i] = (byte)MathF.Round(method.IsSigned() ? 127.5f + (127.5f * value) : 255 * Math.Max(0, value));
        }

        return levels;
    }

    private static Colormap Colors(ExplainMethod method) => method switch
    {
        ExplainMethod.Saliency or ExplainMethod.Smoothgrad => Colormap.Inferno,
        ExplainMethod.IntegratedGradients => Colormap.BlueRed,
        _ => Colormap.Turbo,
    };

    private static PixelBuffer Over(PixelBuffer picture, PixelBuffer heat, double alpha)
    {
        var over = new PixelBuffer(picture.Width, picture.Height, heat.Channels);
        for (var i = 0; i < over.Data.Length; i++)
        {
            var under = picture.Data[picture.Channels == 1 ? i / heat.Channels : i];
            over.Data[i] = (byte)Math.Round(under + ((heat.Data[i] - under) * alpha));
        }

        return over;
    }

    private static PixelBuffer Sheet(Explanation explanation, PixelBuffer[] panels, Colormap colors, float scale)
    {
        var width = panels.Sum(panel => panel.Width) + (Margin * (panels.Length - 1));
        var canvas = new Canvas(width, panels[0].Height + Legend, Ground);
        var left = 0;
        foreach (var panel in panels)
        {
            canvas.Place(panel, left, 0);
            left += panel.Width + Margin;
        }

        var top = panels[0].Height + Margin;
        var letters = Math.Max(1, width / BitmapFont.Advance);
        canvas.Write(PlotText.Fit(Title(explanation), letters), 0, top, Ink);
        for (var x = 0; x < width; x++)
        {
            var color = colors[(byte)(255 * x / Math.Max(1, width - 1))];
            canvas.Fill(x, top + Line, 1, Bar, new(color[0], color[1], color[2]));
        }

        var (low, high) = (explanation.Method.IsSigned() ? $"-{Number(scale)}" : "0", Number(scale));
        canvas.Write(low, 0, top + Line + Bar + 2, Faint);
        canvas.Write(high, width - BitmapFont.Width(high), top + Line + Bar + 2, Faint);
        return canvas.Picture;
    }

    private static string Title(Explanation explanation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{explanation.Class} {Math.Floor(explanation.Probability * 1000) / 10:F1}%{(explanation.Empty ? " no evidence" : string.Empty)} · {ExplainMethods.NameOf(explanation.Method)}{(explanation.Layer is { } layer ? $" {layer}" : string.Empty)}");

    private static string Number(float value) => value.ToString("G3", CultureInfo.InvariantCulture);
}

/// <summary>What of a picture and its explanation is shown.</summary>
public enum ExplanationLayout
{
    /// <summary>The map over the picture.</summary>
    Overlay,

    /// <summary>The map alone.</summary>
    Heat,

    /// <summary>The picture, the map, and one over the other.</summary>
    Side,
}
