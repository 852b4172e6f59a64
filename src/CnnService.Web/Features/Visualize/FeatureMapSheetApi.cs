using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
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
            .Produces<IReadOnlyList<LayerFigures>>(200).ProducesFigureToo().Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapPost("/feature-maps", PostAsync).TakesAnImage()
            .WithName("PostFeatureMapSheet").WithSummary(
                "Feature maps of a posted image through the network: the first maps of the first convolution at each map size")
            .Produces<IReadOnlyList<LayerFigures>>(200).ProducesFigureToo().Produces(304)
            .ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapSheetQuery query,
        [AsParameters] FeatureMapGridQuery layout, [AsParameters] ImageQuery image, [AsParameters] FigureQuery figure) =>
        AnswerAsync(http, services, (query, figure), layout, image.Image);

    private static Task<IResult> PostAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapSheetQuery query,
        [AsParameters] FeatureMapGridQuery layout, [AsParameters] FigureQuery figure) =>
        AnswerAsync(http, services, (query, figure), layout, null);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, FeatureMapServices services, (FeatureMapSheetQuery Query, FigureQuery Figure) asked, FeatureMapGridQuery layout,
        DatasetImageName? image)
    {
        var model = await services.Registry.WithLayersAsync(asked.Query.Model);
        var plan = model.Bind(found => FeatureMapSheetPlan.Create(found, layout.Apply(asked.Query.Request)));
        var pixels = await plan.BindAsync(_ => services.Images.ReadAsync(http, image, model.Value));
        var style = asked.Figure.Style(asked.Query.IsSvg);
        return await pixels.ToIResultAsync(shown => AnswerAsync(http, services, asked.Query, style, plan.Value, shown));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, FeatureMapServices services, FeatureMapSheetQuery query, FigureStyle style, FeatureMapSheetPlan plan,
        PixelBuffer pixels) =>
        (query.IsJson ? null : CacheableImageResult.NotModified(http, style.Tag(plan.ETag(pixels))))
        ?? (await services.Renderings.MomentAsync(http, () => query.IsJson
            ? services.Maps.Sparsity(plan, pixels).Map<Func<HttpContext, IResult>>(sparsity => _ => TypedResults.Ok(sparsity))
            : services.Maps.RenderSheet(plan, pixels).Bind(drawn => FigureResult.File(services.Files, drawn, style))))
            .ToIResult(drawn => drawn(http));
}
