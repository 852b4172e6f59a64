using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Feature maps of an image, as figures and as numbers. Images are at the network's input size and channels. Problem codes: those of
/// <see cref="IFeatureMapReader"/>. Thread safe.
/// </summary>
/// <param name="reader">Runs the network up to a layer.</param>
public sealed class FeatureMapPipeline(IFeatureMapReader reader)
{
    /// <summary>The feature map of one filter, or a labelled grid of consecutive filters.</summary>
    public Outcome<DrawnFigure> Render(FeatureMapPlan plan, PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return RenderMetrics.Measure(RenderMetrics.FeatureMap, () =>
        {
            var maps = Read(plan, image).Map(read => FeatureMapImage.Render(plan, read, image, plan.ETag(image)));
            return (maps, maps.Succeeded ? RenderOutcome.Drawn : RenderOutcome.Failed);
        });
    }

    /// <summary>The same maps as numbers.</summary>
    public Outcome<FeatureMapNumbers> Numbers(FeatureMapPlan plan, PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Read(plan, image).Map(maps =>
        {
            var filters = plan.Filters(maps);
            return new FeatureMapNumbers(
                $"{plan.Model.Name}:{ContentKey.Text(plan.Model.Version)}",
                plan.Layer.Name,
                [maps.Channels, maps.Height, maps.Width],
                LayerSparsity.Compute(maps),
                [.. filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))],
                [.. filters.Select(filter => FeatureMapFigures.Compute(maps, filter))]);
        });
    }

    /// <summary>The same maps as float32, <c>[filters,H,W]</c>, raw or in NumPy's format.</summary>
    /// <param name="plan">The filters and their order.</param>
    /// <param name="image">The image to run.</param>
    /// <param name="asNpy">True for NumPy's <c>.npy</c> format; false for raw values.</param>
    public Outcome<byte[]> File(FeatureMapPlan plan, PixelBuffer image, bool asNpy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Read(plan, image).Map(maps =>
        {
            var filters = plan.Filters(maps);
            float[] values = [.. filters.SelectMany(filter => maps.Map(filter).ToArray())];
            return asNpy ? ArrayFile.Npy(values, filters.Count, maps.Height, maps.Width) : ArrayFile.Floats(values);
        });
    }

    /// <summary>The maps of the image on its way through the network, as one image.</summary>
    public Outcome<DrawnFigure> RenderSheet(FeatureMapSheetPlan plan, PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Read(plan, image).Map(rows => RenderMetrics.Measure(RenderMetrics.FeatureMap, () =>
        {
            var text = PngText.Create("layers", string.Join(',', rows.Select(row => row.Plan.Layer.Name)));
            return (new DrawnFigure(FeatureMapSheet.Draw(rows, image), [text], plan.ETag(image)), RenderOutcome.Drawn);
        }));
    }

    /// <summary>Sparsity of the layers of a sheet for one image.</summary>
    public Outcome<IReadOnlyList<LayerFigures>> Sparsity(FeatureMapSheetPlan plan, PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Read(plan, image).Map<IReadOnlyList<LayerFigures>>(rows =>
        [
            .. rows.Select(row => new LayerFigures(
                row.Plan.Layer.Name, [row.Maps.Channels, row.Maps.Height, row.Maps.Width], LayerSparsity.Compute(row.Maps))),
        ]);
    }

    private Outcome<LayerActivations> Read(FeatureMapPlan plan, PixelBuffer image) => plan.Request.BeforeActivation
        ? reader.Read(plan.Model, plan.Layer, image, beforeActivation: true)
        : reader.Read(plan.Model, FeatureTaps.Activated(plan.Model.Network, plan.Layer), image);

    private Outcome<IReadOnlyList<(FeatureMapPlan Plan, LayerActivations Maps)>> Read(FeatureMapSheetPlan plan, PixelBuffer image) =>
        Outcome.All(plan.Rows.Select(row => Read(row, image).Map(maps => (row, maps))));
}
