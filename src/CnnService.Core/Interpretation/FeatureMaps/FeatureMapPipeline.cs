using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// Feature maps of an image, as PNG files and as numbers. Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>,
/// <c>request.invalid</c>. Thread safe.
/// </summary>
/// <param name="reader">Runs the network up to a layer.</param>
/// <param name="encoder">Writes the PNG files.</param>
public sealed class FeatureMapPipeline(IFeatureMapReader reader, IPngEncoder encoder)
{
    /// <summary>
    /// The feature map of one filter, or a labelled grid of consecutive filters; fewer than requested at the end of the layer.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="offset">Index of the first filter.</param>
    /// <param name="count">Number of filters, 1 to 64; null for a single map without a label.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="request">How the maps are displayed.</param>
    public Outcome<RenderedImage> Draw(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request) =>
        Plan(model, layer, offset, count, image, request).Bind(plan =>
            RenderMetrics.Measure(RenderMetrics.FeatureMap, () =>
            {
                var maps = Tap(model, plan.Layer, image, request)
                    .Bind<RenderedImage>(read => FeatureMapImage.Render(plan, read, image, plan.ETag(image), encoder));
                return (maps, maps.Succeeded ? RenderOutcome.Drawn : RenderOutcome.Failed);
            }));

    /// <summary>The same maps as numbers.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="offset">Index of the first filter.</param>
    /// <param name="count">Number of filters, 1 to 64; null for a single map.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="request">Only tap point and order are used.</param>
    public Outcome<FeatureMapNumbers> Numbers(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request) =>
        Read(model, layer, offset, count, image, request, (plan, maps) =>
        {
            var filters = plan.Filters(maps);
            return new FeatureMapNumbers(
                $"{model.Name}:{ContentKey.Text(model.Version)}",
                plan.Layer.Name,
                [maps.Channels, maps.Height, maps.Width],
                LayerSparsity.Compute(maps),
                [.. filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))],
                [.. filters.Select(filter => FeatureMapFigures.Compute(maps, filter))]);
        });

    /// <summary>The same maps as float32, <c>[filters,H,W]</c>, raw or in NumPy's format.</summary>
    /// <inheritdoc cref="Numbers"/>
    /// <param name="asNpy">True for NumPy's <c>.npy</c> format; false for raw values.</param>
    public Outcome<byte[]> File(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request, bool asNpy) =>
        Read(model, layer, offset, count, image, request, (plan, maps) =>
        {
            var filters = plan.Filters(maps);
            float[] values = [.. filters.SelectMany(filter => maps.Map(filter).ToArray())];
            return asNpy ? ArrayFile.Npy(values, filters.Count, maps.Height, maps.Width) : ArrayFile.Floats(values);
        });

    /// <summary>
    /// One row a resolution: the first maps of the first convolution at each map size. Further problem code: <c>layer.not-found</c> if the
    /// network has no convolution.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="request">How the maps are displayed.</param>
    public Outcome<RenderedImage> Sheet(LoadedModel model, PixelBuffer image, FeatureMapRequest request) =>
        ReadSheet(model, image, request).Bind<RenderedImage>(rows => RenderMetrics.Measure(RenderMetrics.FeatureMap, () =>
        {
            var tag = ContentKey.Create(["feature-map-sheet", .. rows.Select(row => row.Plan.ETag(image))]);
            var text = PngText.Create("layers", string.Join(',', rows.Select(row => row.Plan.Layer.Name)));
            return (new RenderedImage(encoder.Encode(FeatureMapSheet.Draw(rows, image), [text]), tag), RenderOutcome.Drawn);
        }));

    /// <summary>Sparsity of the layers of <see cref="Sheet"/> for one image.</summary>
    public Outcome<IReadOnlyList<LayerFigures>> Sparsity(LoadedModel model, PixelBuffer image, FeatureMapRequest request) =>
        ReadSheet(model, image, request).Bind(rows => Outcome.Success<IReadOnlyList<LayerFigures>>(
            [.. rows.Select(
                row => new LayerFigures(row.Plan.Layer.Name, [row.Maps.Channels, row.Maps.Height, row.Maps.Width],
                    LayerSparsity.Compute(row.Maps)))]));

    private Outcome<LayerActivations> Tap(LoadedModel model, ResolvedLayer layer, PixelBuffer image, FeatureMapRequest request) =>
        request.BeforeActivation
        ? reader.Read(model, layer.Name, image, beforeActivation: true)
        : reader.Read(model, FeatureTaps.Activated(model.Network, layer).Name, image);

    private Outcome<T> Read<T>(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request,
        Func<FeatureMapPlan, LayerActivations, T> make) =>
        Plan(model, layer, offset, count, image, request)
        .Bind(plan => Tap(model, plan.Layer, image, request).Bind<T>(maps => make(plan, maps)));

    /// <summary>One row of maps a layer, each map scaled on its own unless the request says otherwise.</summary>
    private Outcome<IReadOnlyList<(FeatureMapPlan Plan, LayerActivations Maps)>> ReadSheet(
        LoadedModel model, PixelBuffer image, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var (columns, scaled) = (request.Columns ?? TileGrid.DefaultColumns,
            request with { Scale = request.Scale ?? FeatureMapScale.Filter });
        return Outcome.All(FeatureMapSheet.Layers(model.Network).Select(
                layer => Read(model, layer.Name, 0, columns, image, scaled, (plan, maps) => (plan, maps))))
            .Check(rows => rows.Count > 0
                ? null
                : Problem.NotFound("layer.not-found", $"The {model.DisplayName} has no convolution whose maps could be shown."));
    }

    private static Outcome<FeatureMapPlan> Plan(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        return errors.Require(request.Columns is null or (>= 1 and <= FeatureMapPlan.MaxColumns), "columns",
            $"must be between 1 and {FeatureMapPlan.MaxColumns}, received {request.Columns}")
            ? FeatureMapPlan.Create(model, layer, offset, count, request)
            : Problem.Validation(errors);
    }
}
