using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>
/// Draws examples cut to the activating cell: its receptive field in a frame, with a quarter of its size around it where the image reaches
/// that far. One row a filter; a single filter fills a grid.
/// </summary>
internal static class ExampleImage
{
    private const int Side = 144;

    public static Figure Draw(ExamplePlan plan, IPixelSource images, IReadOnlyList<FilterExamples> rows)
    {
        var isAlone = rows.Count == 1;
        var filters = isAlone ? $"filter {ContentKey.Text(rows[0].Filter)}" : LayerWords.Range(plan.Layer, plan.Range);
        var found = rows.Sum(row => row.Examples.Count);
        return new()
        {
            Title = $"What excites {filters} of {plan.Layer.Name} most",
            Subtitle = $"{LayerWords.Write(plan.Model, plan.Layer)}. Parts of {plan.Source.Split.ToWireName()} images of "
                + $"{plan.Source.Dataset.Name}, the strongest first.",
            Description = $"{ContentKey.Text(found)} parts of images that excite {filters} most.",
            Notes =
            [
                "The frame is what the cell sees (its receptive field); below stands the filter's activation there. A filter with fewer "
                + "parts is excited by no further image, or only by near copies of those shown.",
            ],
            Content = isAlone
                ? Row(images, rows[0], (int)Math.Ceiling(Math.Sqrt(Math.Max(1, rows[0].Examples.Count))))
                : new Stack([.. rows.Select(row => new Stack(
                    [new Words($"filter {ContentKey.Text(row.Filter)}", Typography.Heading), Row(images, row, plan.Count)], 6))], 18),
        };
    }

    private static Block Row(IPixelSource images, FilterExamples row, int columns) => row.Examples.Count == 0
        ? new Words("No image excites it.", Typography.Body)
        : new Tiles(
            [.. row.Examples.Select(example => Tile.Create(
                new ExampleBlock(SplitImages.Copy(images, example.Place), example.Box, Side), Side,
                ($"activation {AxisTicks.Short(example.Value)}", Typography.Small)))],
            columns);
}
