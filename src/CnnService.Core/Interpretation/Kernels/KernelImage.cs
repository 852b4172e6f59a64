using System.Globalization;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// Draws the kernels of a convolution. Filters over a colour image become one RGB tile each, with grey 128 for a weight of 0 and 127 levels
/// for the largest magnitude. Others become a row of tiles, one an input channel, blue for negative and red for positive weights. Each
/// weight is a square of one colour.
/// </summary>
internal static class KernelImage
{
    private const int InGrid = 12;
    private const int ColorColumns = 8;

    /// <param name="plan">Filters, scale and input channels.</param>
    /// <param name="weights">Weights of the plan's layer.</param>
    public static DrawnFigure Render(KernelPlan plan, KernelWeights weights)
    {
        var text = PngText.Source(plan.Model, plan.Layer.Name, plan.Range);
        text.Add(PngText.Create("largestWeight", weights.Largest(plan.Range.First).ToString(CultureInfo.InvariantCulture)));
        return new(plan.IsGrid ? Grid(plan, weights) : Alone(plan, weights), text, plan.ETag);
    }

    private static Figure Alone(KernelPlan plan, KernelWeights weights) => new()
    {
        Title = $"{LayerWords.Name(plan.Model)}, {plan.Layer.Name}, kernel {ContentKey.Text(plan.Range.First)}",
        Description = $"Its weights; the largest magnitude of the scale is {AxisTicks.Short(weights.Largest(plan.Range.First))}.",
        IsBare = true,
        Content = weights.Tile(plan.Range.First, plan.Request.Inputs),
    };

    private static Figure Grid(KernelPlan plan, KernelWeights weights)
    {
        var shown = Math.Min(plan.Request.Inputs, InGrid);
        return new()
        {
            Title = $"The kernels of {LayerWords.Range(plan.Layer, plan.Range)} of {plan.Layer.Name}",
            Subtitle = LayerWords.Write(plan.Model, plan.Layer) + (plan.IsColor ? "" : $"; {weights.Channels} inputs, of which "
                + $"{Math.Min(shown, weights.Channels - plan.Request.FirstInput)} are shown from {plan.Request.FirstInput} on") + ".",
            Description = $"Weights of {ContentKey.Text(plan.Range.Count)} filters, up to "
                + $"{AxisTicks.Short(plan.Range.Filters.Max(filter => weights.Largest(filter)))} in magnitude.",
            Notes = plan.IsColor ? ["Red, green and blue are the weights of the three colours; grey is 0."] : [],
            Content = new Stack(
            [
                new Tiles(
                    [.. plan.Range.Filters.Select(filter =>
                    {
                        var tile = weights.Tile(filter, shown);
                        return Tile.Create(tile, double.PositiveInfinity, ($"filter {ContentKey.Text(filter)}", Typography.Caption));
                    })],
                    plan.IsColor ? ColorColumns : 1),
                .. plan.IsColor ? [] : (Block[])[Scale(plan, weights)],
            ], 16),
        };
    }

    private static ColorBar Scale(KernelPlan plan, KernelWeights weights)
    {
        var largest = weights.Largest(plan.Range.First);
        return plan.Request.ScaleByFilter
            ? new(Colormap.BlueRed.Colors, -1, 1, "weight")
            {
                Ticks = [(-1, "− largest of the filter"), (0, "0"), (1, "+ largest of the filter")],
            }
            : new(Colormap.BlueRed.Colors, -largest, largest, "weight")
            {
                Ticks = [(-largest, AxisTicks.Short(-largest)), (0, "0"), (largest, AxisTicks.Short(largest))],
            };
    }
}
