using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Shows how an image is transformed on its way through a network: the image, then the first maps of the first convolution at each map
/// size, one row each, as in the article's figure.
/// </summary>
internal static class FeatureMapSheet
{
    private const int ImageSide = 176;

    /// <summary>The first convolution at each map size, in execution order; empty if there is no convolution.</summary>
    public static IReadOnlyList<ResolvedLayer> Layers(ResolvedNetwork network) =>
        [.. network.Layers.Where(layer => layer.Spec is Conv2dLayer && layer.OutputShape.IsMap)
            .DistinctBy(layer => (layer.OutputShape.Height, layer.OutputShape.Width))];

    /// <param name="rows">Plan and maps of each layer, at least one.</param>
    /// <param name="shown">The image that was run through the network.</param>
    public static Figure Draw(IReadOnlyList<(FeatureMapPlan Plan, LayerActivations Maps)> rows, PixelBuffer shown)
    {
        var zeros = rows.Select(row => LayerSparsity.Compute(row.Maps).Zeros).ToArray();
        var model = rows[0].Plan.Model;
        return new()
        {
            Title = $"The image on its way through {LayerWords.Name(model)}",
            Subtitle = $"The first convolution at each of {ContentKey.Text(rows.Count)} map sizes, its first filters; "
                + $"{100 * zeros[0]:0}% of the cells are 0 in the first, {100 * zeros[^1]:0}% in the last.",
            Description = "The image, then " + string.Join("; ", rows.Zip(zeros, (row, share) =>
                $"{row.Plan.Layer.Name} of {Size(row.Maps)}, {100 * share:0}% zeros")) + ".",
            Content = new Stack(
            [
                new Stack([new Words("The image as the network sees it", Typography.Heading),
                    ImageBlock.AtLeast(shown, ImageSide, isSmooth: true)], 6),
                .. rows.Zip(zeros, (row, share) => new Stack(
                    [new Words($"{row.Plan.Layer.Name}: maps of {Size(row.Maps)}, {100 * share:0}% of the cells are 0", Typography.Heading),
                        FeatureMapImage.Draw(row.Plan, row.Maps, shown)], 6)),
                FeatureMapImage.Scale(rows[0].Plan, rows[0].Maps),
            ], 18),
        };
    }

    private static string Size(LayerActivations maps) => $"{ContentKey.Text(maps.Height)} × {ContentKey.Text(maps.Width)}";
}
