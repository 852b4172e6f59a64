using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Draws feature maps: a single one, or several as a grid. Small maps are enlarged by whole pixels. A colour bar tells what the colours
/// stand for, and a line below each map its largest activation.
/// </summary>
internal static class FeatureMapImage
{
    private const int Side = 128;
    private const double Opacity = 0.75;

    /// <summary>Share of the scale from which on a map over its image has its full opacity.</summary>
    private const double FullAt = 0.5;

    public static DrawnFigure Render(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown, string tag)
    {
        var filters = plan.Filters(maps);
        int[] silent = [.. filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))];
        var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
        text.Add(PngText.Create("filters", string.Join(',', filters.Select(filter => ContentKey.Text(filter)))));
        text.Add(PngText.Create("silent", string.Join(',', silent.Select(filter => ContentKey.Text(filter)))));
        return new(plan.IsGrid ? Grid(plan, maps, shown, silent.Length) : Alone(plan, maps, shown), text, tag);
    }

    /// <summary>The tiles of a plan, each with its filter and its largest activation.</summary>
    public static Tiles Draw(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown) => new(
        [.. plan.Filters(maps).Select(filter =>
        {
            var block = CreateBlock(plan, maps, filter, shown);
            return Tile.Create(block, block.Width, ($"filter {ContentKey.Text(filter)}", Typography.Caption),
                (Range(maps.Map(filter), plan.Layer.OutputShape.IsMap), Typography.Small));
        })],
        plan.Columns);

    /// <summary>What the colours stand for.</summary>
    public static ColorBar Scale(FeatureMapPlan plan, LayerActivations maps)
    {
        var colors = Colormap.Get(plan.Request.Colors).Colors;
        if (plan.Scale == FeatureMapScale.Layer && FeatureMapScaling.LayerRange(maps) is var (low, high))
        {
            return new(colors, low, high > low ? high : low + 1, "activation");
        }

        return plan.Scale == FeatureMapScale.Filter
            ? new(colors, -2, 2, "activation")
            {
                Ticks = [(-2, "mean − 2 sd"), (0, "mean of the map"), (2, "mean + 2 sd")],
            }
            : new(colors, 0, 1, "activation")
            {
                Ticks = [(0, maps.Values.Span.ContainsAnyInRange(float.MinValue, -float.Epsilon) ? "least of the map" : "0"),
                    (1, "largest of the map")],
            };
    }

    private static Figure Alone(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown) => new()
    {
        Title = $"{LayerWords.Name(plan.Model)}, {plan.Layer.Name}, filter {ContentKey.Text(plan.Range.First)}",
        Description = $"Its feature map for an image: {Range(maps.Map(plan.Range.First), plan.Layer.OutputShape.IsMap)}.",
        IsBare = true,
        Content = CreateBlock(plan, maps, plan.Range.First, shown),
    };

    private static Figure Grid(FeatureMapPlan plan, LayerActivations maps, PixelBuffer shown, int silent)
    {
        var sparsity = LayerSparsity.Compute(maps);
        var zeros = $"{100 * sparsity.Zeros:0}% of the layer's cells are 0";
        return new()
        {
            Title = $"What {(plan.Request.ByStrength ? $"the {ContentKey.Text(plan.Range.Count)} strongest filters"
                : LayerWords.Range(plan.Layer, plan.Range))} of {plan.Layer.Name} find in the image",
            Subtitle = $"{LayerWords.Write(plan.Model, plan.Layer)}; {zeros} here"
                + $"{(plan.Request.BeforeActivation ? ", before the activation function" : "")}.",
            Description = $"{ContentKey.Text(plan.Range.Count)} feature maps of {plan.Layer.Name}: {ContentKey.Text(silent)} silent, "
                + $"{zeros}.",
            Content = new Stack([Draw(plan, maps, shown), Scale(plan, maps)], 16),
        };
    }

    private static ImageBlock CreateBlock(FeatureMapPlan plan, LayerActivations maps, int filter, PixelBuffer shown)
    {
        var values = FeatureMapScaling.Apply(maps, filter, plan.Scale);
        return plan.Request.OverImage
            ? ImageBlock.AtLeast(Over(shown, values, maps, plan), Side, isSmooth: true)
            : ImageBlock.AtLeast(
                Colormap.Get(plan.Request.Colors).Apply(values, maps.Width, maps.Height), Side, isSmooth: false);
    }

    private static string Range(ReadOnlySpan<float> map, bool isMap)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in map)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return !isMap ? AxisTicks.Short(high)
            : FeatureMapScaling.IsFlat(map) ? high == 0 ? "silent: 0 everywhere" : $"silent: {AxisTicks.Short(high)} everywhere"
            : low < 0 ? $"{AxisTicks.Short(low)} to {AxisTicks.Short(high)}"
            : $"up to {AxisTicks.Short(high)}";
    }

    private static PixelBuffer Over(PixelBuffer shown, byte[] values, LayerActivations maps, FeatureMapPlan plan)
    {
        var placed = Resampling.Bilinear([.. values.Select(value => (float)value)], maps.Height, maps.Width, shown.Height, shown.Width,
            plan.Layer.Field!);
        var heat = Colormap.Get(plan.Request.Colors)
            .Apply([.. placed.Select(value => (byte)Math.Round(value, MidpointRounding.AwayFromZero))], shown.Width, shown.Height);
        return Blending.Lay(shown, heat, pixel => placed[pixel] / byte.MaxValue / FullAt, Opacity);
    }
}
