using System.Globalization;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Draws a heat map over its image, alone, or beside both, with its scale.</summary>
internal static class ExplanationImage
{
    private const double Opacity = 0.72;

    /// <summary>Share of the scale from which on the overlay has its full opacity.</summary>
    private const double FullAt = 0.6;

    private const double MaxBar = 420;

    /// <param name="plan">Method and class, for the text.</param>
    /// <param name="map">The map to draw.</param>
    /// <param name="shown">The image to draw over, RGB; any size and aspect ratio.</param>
    /// <param name="view">Which panels to draw.</param>
    public static Figure Draw(ExplanationPlan plan, Explanation map, PixelBuffer shown, ExplainView view)
    {
        var scale = HeatScale.Create(plan.Method, map);
        (string Name, PixelBuffer Image)[] panels = view switch
        {
            ExplainView.Heatmap => [("map", Heat(map, scale, shown.Width, shown.Height).Image)],
            ExplainView.Overlay => [("overlay", Overlay(map, scale, shown))],
            _ => [("image", shown), ("map", Heat(map, scale, shown.Width, shown.Height).Image), ("overlay", Overlay(map, scale, shown))],
        };
        return new()
        {
            Title = Title(plan, map),
            Subtitle = $"{Method(plan, map)}; {LayerWords.Name(plan.Model)}.",
            Description = $"{Title(plan, map)}, explained by {Method(plan, map)}. {Peak(map, scale)}",
            Notes = map.Status == ExplainStatus.Weak
                ? ["Weak: the attributions do not add up to the score; more steps make them exact."]
                : [],
            Names = plan.Model.Manifest.Classes,
            Content = new Stack(
            [
                new Stack(
                    [.. panels.Select(panel => new Stack(
                        [
                            new Words(panel.Name, Typography.Heading),
                            new ImageBlock(panel.Image, shown.Width, shown.Height, IsSmooth: true),
                        ], 5))],
                    12, IsRow: true),
                Bar(plan, scale, Math.Min(MaxBar, Math.Max(200, panels.Length * shown.Width * 0.6))),
            ], 14),
        };
    }

    /// <summary>The heat map over its image, without a legend.</summary>
    public static PixelBuffer Overlay(ExplainMethod method, Explanation map, PixelBuffer shown) =>
        Overlay(map, HeatScale.Create(method, map), shown);

    /// <summary>Opaque where there is evidence, and clear where there is none, so that no veil lies over the rest.</summary>
    private static PixelBuffer Overlay(Explanation map, HeatScale scale, PixelBuffer shown)
    {
        var (heat, values) = Heat(map, scale, shown.Width, shown.Height);
        return Blending.Lay(shown, heat, pixel => Math.Min(1, scale.Strength(values[pixel]) / FullAt), Opacity);
    }

    private static (PixelBuffer Image, float[] Values) Heat(Explanation map, HeatScale scale, int width, int height)
    {
        var values = Resampling.Bilinear(map.Values as float[] ?? [.. map.Values], map.Height, map.Width, height, width);
        var image = new PixelBuffer(width, height, 3);
        for (var i = 0; i < values.Length; i++)
        {
            var color = scale.Colors.At(scale.Share(values[i]));
            (image.Data[3 * i], image.Data[(3 * i) + 1], image.Data[(3 * i) + 2]) = (color.Red, color.Green, color.Blue);
        }

        return (image, values);
    }

    private static string Title(ExplanationPlan plan, Explanation map)
    {
        var classes = plan.Model.Manifest.Classes;
        var (index, predicted) = (map.Target.Index, map.Target.Predicted);
        var probability = $"probability {map.Target.Probability.ToString("0.000", CultureInfo.InvariantCulture)}";
        return map.Status == ExplainStatus.Empty ? $"Nothing in the image speaks for {classes[index]} ({probability})"
            : index == predicted ? $"Why {classes[index]}: predicted with {probability}"
            : $"What speaks for {classes[index]}: {probability}, while {classes[predicted]} is predicted";
    }

    private static string Method(ExplanationPlan plan, Explanation map) => plan.Method.ToWireName() + (plan.Layer is null
        ? ""
        : $" of {plan.Layer.Name}, {ContentKey.Text(map.MapHeight)} × {ContentKey.Text(map.MapWidth)} cells");

    /// <summary>Where the strongest evidence lies, for those who do not see it.</summary>
    private static string Peak(Explanation map, HeatScale scale)
    {
        if (map.Status == ExplainStatus.Empty)
        {
            return "The map is empty.";
        }

        var place = map.Values.Index().MaxBy(value => scale.Strength(value.Item)).Index;
        var (down, across) = ((double)(place / map.Width) / map.Height, (double)(place % map.Width) / map.Width);
        var row = down < 1 / 3.0 ? "top" : down < 2 / 3.0 ? "middle" : "bottom";
        var column = across < 1 / 3.0 ? "left" : across < 2 / 3.0 ? "centre" : "right";
        return $"The strongest evidence lies at the {row} {column}.";
    }

    private static ColorBar Bar(ExplanationPlan plan, HeatScale scale, double width)
    {
        string[] words = scale.Low < 0 ? ["against", "for"] : [];
        var name = plan.Method is ExplainMethod.Saliency or ExplainMethod.SmoothGrad ? "influence" : "evidence";
        return new(
            scale.Colors.Colors, scale.Low, scale.High, words.Length > 0 ? $"{name} {words[0]} … {words[1]}" : name, Math.Round(width));
    }
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
