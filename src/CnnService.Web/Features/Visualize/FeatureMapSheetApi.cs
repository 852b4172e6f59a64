using CnnService.Core.Common;
using CnnService.Core.Interpretation.FeatureMaps;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/feature-maps: the feature maps of an image through the whole network.</summary>
internal static class FeatureMapSheetApi
{
    public static void MapFeatureMapSheet(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/feature-maps", GetAsync)
            .WithName("GetFeatureMapSheet").WithSummary(
                "Feature maps of an image of a data set through the network: the first maps of the first convolution at each map size")
            .WithDescription(
                "One row per layer, as in the article's figure. `format=json` returns the sparsity of each of these layers for the "
                + "image: the share of cells that are exactly 0, and of maps that are constant.")
            .Produces<IReadOnlyList<LayerFigures>>(200).ProducesImage("image/png").ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapPost("/feature-maps", PostAsync).TakesAnImage()
            .WithName("PostFeatureMapSheet").WithSummary(
                "Feature maps of a posted image through the network: the first maps of the first convolution at each map size")
            .Produces<IReadOnlyList<LayerFigures>>(200).ProducesImage("image/png").ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapSheetQuery query,
        [AsParameters] FeatureMapGridQuery layout, [AsParameters] ImageQuery image) =>
        AnswerAsync(http, services, query, layout, image.Image);

    private static Task<IResult> PostAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapSheetQuery query,
        [AsParameters] FeatureMapGridQuery layout) =>
        AnswerAsync(http, services, query, layout, null);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, FeatureMapServices services, FeatureMapSheetQuery query, FeatureMapGridQuery layout, DatasetImageName? image)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => services.Images.ReadAsync(http, image, found));
        var request = layout.Apply(query.Request);
        var drawn = await pixels.BindAsync(shown => services.Renderings.MomentAsync(http, () => query.IsJson
            ? services.Maps.Sparsity(model.Value, shown, request).Map<IResult>(TypedResults.Ok)
            : services.Maps.Sheet(model.Value, shown, request).Map(rendered => CacheableImageResult.File(http, rendered))));
        return drawn.ToIResult(answer => answer);
    }
}
