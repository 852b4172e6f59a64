using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>
/// /visualize/{layer}[/{filter}]/feature-maps: the activations of filters for an image of a data set (GET) or a posted image (POST).
/// </summary>
internal static class FeatureMapApi
{
    private const int ArrayTiles = 64;

    private const string Description =
        "`format=json` returns the maps as numbers, with the sparsity of the layer; `npy` and `f32` as float32, [filters,H,W]: 64 maps "
        + "from `offset` on, or `count` of them.";

    public static void MapFeatureMaps(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/feature-maps", GetGridAsync)
            .WithName("GetFeatureMaps").WithSummary(
                "A grid of a layer's feature maps for an image of a data set").WithDescription(Description)
            .Produces<FeatureMapNumbers>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapGet("/{layer}/{filter:int}/feature-maps", GetAsync)
            .WithName("GetFeatureMap").WithSummary("A filter's feature map for an image of a data set")
            .Produces<FeatureMapNumbers>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapPost("/{layer}", PostGridAsync).TakesAnImage()
            .WithName("PostFeatureMaps").WithSummary("A grid of a layer's feature maps for a posted image")
            .WithDescription(Description)
            .Produces<FeatureMapNumbers>(200).ProducesFigureToo().Produces(304)
            .ProducesProblems(400, 404, 413, 415, 422, 503);
        visualize.MapPost("/{layer}/{filter:int}", PostAsync).TakesAnImage()
            .WithName("PostFeatureMap").WithSummary("A filter's feature map for a posted image")
            .Produces<FeatureMapNumbers>(200).ProducesFigureToo().Produces(304)
            .ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    /// <summary>
    /// Declares that the body is an image, raw or in a form. What a network makes of an image of one's own is an answer of the model, so it
    /// wants the scope for that.
    /// </summary>
    public static RouteHandlerBuilder TakesAnImage(this RouteHandlerBuilder route) => route.RequireAuthorization(Scopes.Classify)
        .Accepts<IFormFile>("multipart/form-data", "image/*").WithForm(("file", FormFieldKind.File))
        .AlsoTakes("The image may also be the whole body, as `image/*`.")
        .AllowBody(limits => limits.ImagesBytes);

    private static Task<IResult> GetGridAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapQuery query, [AsParameters] ImageQuery image,
        [AsParameters] FeatureMapGridQuery layout, [AsParameters] GridQuery grid, [AsParameters] FigureQuery figure, string layer) =>
        AnswerAsync(http, services, (query, figure), image.Image, layout.Apply(query.Request), (layer, grid.First, CountOf(query, grid)));

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapQuery query, [AsParameters] ImageQuery image,
        [AsParameters] FigureQuery figure, string layer, int filter) =>
        AnswerAsync(http, services, (query, figure), image.Image, query.Request, (layer, filter, null));

    private static Task<IResult> PostGridAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapQuery query,
        [AsParameters] FeatureMapGridQuery layout, [AsParameters] GridQuery grid, [AsParameters] FigureQuery figure, string layer) =>
        AnswerAsync(http, services, (query, figure), null, layout.Apply(query.Request), (layer, grid.First, CountOf(query, grid)));

    private static Task<IResult> PostAsync(
        HttpContext http, [AsParameters] FeatureMapServices services, [AsParameters] FeatureMapQuery query,
        [AsParameters] FigureQuery figure, string layer, int filter) =>
        AnswerAsync(http, services, (query, figure), null, query.Request, (layer, filter, null));

    private static int CountOf(FeatureMapQuery query, GridQuery grid) => query.IsArray ? grid.Count ?? ArrayTiles : grid.Tiles;

    private static async Task<IResult> AnswerAsync(
        HttpContext http, FeatureMapServices services, (FeatureMapQuery Query, FigureQuery Figure) asked, DatasetImageName? image,
        FeatureMapRequest request,
        (string Layer, int Offset, int? Count) filters)
    {
        var (layer, offset, count) = filters;
        var model = await services.Registry.WithLayersAsync(asked.Query.Model);
        var plan = model.Bind(found => FeatureMapPlan.Create(found, layer, offset, count, request));
        var pixels = await plan.BindAsync(_ => services.Images.ReadAsync(http, image, model.Value));
        var style = asked.Figure.Style(asked.Query.Form == FeatureMapFormat.Svg);
        return await pixels.ToIResultAsync(shown => AnswerAsync(http, services, asked.Query, style, plan.Value, shown));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, FeatureMapServices services, FeatureMapQuery query, FigureStyle style, FeatureMapPlan plan, PixelBuffer pixels) =>
        (query.IsFigure ? CacheableImageResult.NotModified(http, style.Tag(plan.ETag(pixels))) : null)
        ?? (await services.Renderings.MomentAsync(http, () => Draw(services, (query.Form, style), plan, pixels)))
            .ToIResult(drawn => drawn(http));

    private static Outcome<Func<HttpContext, IResult>> Draw(
        FeatureMapServices services, (FeatureMapFormat Form, FigureStyle Style) asked, FeatureMapPlan plan, PixelBuffer pixels) =>
        asked.Form switch
        {
            FeatureMapFormat.Json => services.Maps.Numbers(plan, pixels)
                .Map<Func<HttpContext, IResult>>(numbers => _ => TypedResults.Ok(numbers)),
            FeatureMapFormat.Npy => services.Maps.File(plan, pixels, asNpy: true)
                .Map<Func<HttpContext, IResult>>(file => _ => TypedResults.File(file, "application/x-npy")),
            FeatureMapFormat.F32 => services.Maps.File(plan, pixels, asNpy: false)
                .Map<Func<HttpContext, IResult>>(file => _ => TypedResults.File(file, "application/octet-stream")),
            _ => services.Maps.Render(plan, pixels).Bind(drawn => FigureResult.File(services.Files, drawn, asked.Style)),
        };
}

/// <summary>The services needed for feature maps.</summary>
internal sealed record FeatureMapServices(
    ModelRegistry Registry, FeatureMapPipeline Maps, NetworkImages Images, FigureFiles Files, Renderings Renderings);
