using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Draws feature maps: a single tile, or several as a grid. Small maps are enlarged. A grid on one scale has a colour bar.
/// </summary>
internal static class FeatureMapImage
{
    private const double Opacity = 0.45;
    private const int BarHeight = 10;
    private const int MaxBarWidth = 256;

    private static readonly Color Background = Color.FromRgb(0x101418);
    private static readonly Color TextColor = Color.FromRgb(0xAEBAC4);

    public static RenderedImage Render(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown, string tag, IPngEncoder encoder)
    {
        var filters = plan.Filters(maps);
        int[] silent = [.. filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))];
        var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
        text.Add(PngText.Create("filters", string.Join(',', filters.Select(filter => ContentKey.Text(filter)))));
        text.Add(PngText.Create("silent", string.Join(',', silent.Select(filter => ContentKey.Text(filter)))));
        var image = plan.IsGrid ? Draw(plan, maps, shown) : Tile(plan, maps, plan.Range.First, shown);
        return new(encoder.Encode(image, text), tag);
    }

    /// <summary>A grid with a title.</summary>
    /// <param name="plan">Layer, filters and display.</param>
    /// <param name="maps">Maps of the layer.</param>
    /// <param name="shown">The image that was run through the network.</param>
    public static PixelBuffer Draw(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown)
    {
        var grid = TileGrid.Compose(GridTitle.Write(plan.Model, plan.Layer),
            [.. plan.Filters(maps).Select(filter => Labelled(plan, maps, filter, shown))], plan.Columns);
        return plan.Scale == FeatureMapScale.Layer
            ? WithBar(grid, Colormap.Get(plan.Request.Colors), FeatureMapScaling.LayerRange(maps))
            : grid;
    }

    private static GridTile Labelled(FeatureMapPlan plan, LayerActivations maps, int filter, PixelBuffer shown)
    {
        var tile = GridTitle.Tile(plan.Layer, filter, Tile(plan, maps, filter, shown));
        return FeatureMapScaling.IsFlat(maps.Map(filter)) && plan.Layer.OutputShape.IsMap
            ? tile with { Label = $"{tile.Label}  silent", ShortLabel = $"{tile.ShortLabel} -" }
            : tile;
    }

    private static PixelBuffer Tile(FeatureMapPlan plan, LayerActivations maps, int filter, PixelBuffer shown)
    {
        var values = FeatureMapScaling.Apply(maps, filter, plan.Scale);
        if (plan.Request.OverImage)
        {
            return ImageScaling.Enlarge(Over(shown, values, maps, plan), ImageScaling.DefaultFactor(shown.Width, shown.Height));
        }

        return ImageScaling.Enlarge(
            Colormap.Get(plan.Request.Colors).Apply(values, maps.Width, maps.Height), ImageScaling.DefaultFactor(maps.Width, maps.Height));
    }

    private static PixelBuffer Over(PixelBuffer shown, byte[] values, LayerActivations maps, FeatureMapPlan plan)
    {
        var placed = Resampling.Bilinear([.. values.Select(value => (float)value)], maps.Height, maps.Width, shown.Height, shown.Width,
            plan.Layer.Field!);
        var heat = Colormap.Get(plan.Request.Colors)
            .Apply([.. placed.Select(value => (byte)Math.Round(value, MidpointRounding.AwayFromZero))], shown.Width, shown.Height);
        return Canvas.Overlay(shown, heat, Opacity);
    }

    /// <summary>Adds a bar of the colours from darkest to brightest with the values at its ends.</summary>
    private static PixelBuffer WithBar(PixelBuffer grid, Colormap colors, (double Low, double High) range)
    {
        const int margin = TileGridLayout.Margin;
        var canvas = new Canvas(grid.Width, grid.Height + BarHeight + (2 * margin), Background);
        canvas.DrawImage(grid, 0, 0);
        var (low, high) = (Text(range.Low), Text(range.High));
        var left = margin + BitmapFont.Width(low) + margin;
        var width = Math.Min(MaxBarWidth, grid.Width - left - BitmapFont.Width(high) - (2 * margin));
        for (var x = 0; x < width; x++)
        {
            var color = colors[(byte)(x * byte.MaxValue / Math.Max(1, width - 1))];
            canvas.Fill(left + x, grid.Height, 1, BarHeight, new(color[0], color[1], color[2]));
        }

        canvas.DrawText(low, margin, grid.Height, TextColor);
        canvas.DrawText(high, left + Math.Max(0, width) + margin, grid.Height, TextColor);
        return canvas.Image;
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
