using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/receptive-field: the receptive field of a cell of a layer.</summary>
internal static class ReceptiveFieldApi
{
    private const string Description =
        "Draws the receptive field of a cell of the layer over an image, or over plain grey: its size, jump (the stride of the cells in "
        + "input pixels) and start. With `effective=true` also how much "
        + "each pixel influences the cell, measured by gradients over 32 images of noise (Luo et al. 2016).";

    public static void MapReceptiveField(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/receptive-field", GetAsync)
            .WithName("GetReceptiveField").WithSummary("The receptive field of a cell of a layer").WithDescription(Description)
            .Produces<ReceptiveFieldFigures>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapPost("/{layer}/receptive-field", PostAsync).TakesAnImage()
            .WithName("PostReceptiveField").WithSummary(
                "The receptive field of a cell of a layer, over a posted image").WithDescription("What `GET` draws, over your image.")
            .Produces<ReceptiveFieldFigures>(200).ProducesFigureToo().ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ReceptiveFieldServices services, [AsParameters] ReceptiveFieldQuery query,
        [AsParameters] OverImageQuery over, [AsParameters] FigureQuery figure, string layer)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => OverAsync(http, services, over.Image, found));
        return await pixels.ToIResultAsync(read => AnswerAsync(http, services, query, figure, model.Value, layer, read));
    }

    /// <summary>The image that the query names; null where it names none.</summary>
    private static async Task<Outcome<PixelBuffer?>> OverAsync(
        HttpContext http, ReceptiveFieldServices services, DatasetImageName? image, LoadedModel model) =>
        image is null
            ? Outcome.Success<PixelBuffer?>(null)
            : (await services.Images.ReadAsync(http, image, model)).Map<PixelBuffer?>(pixels => pixels);

    private static async Task<IResult> PostAsync(
        HttpContext http, [AsParameters] ReceptiveFieldServices services, [AsParameters] ReceptiveFieldQuery query,
        [AsParameters] FigureQuery figure, string layer)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => services.Images.ReadAsync(http, null, found));
        return await pixels.ToIResultAsync(over => AnswerAsync(http, services, query, figure, model.Value, layer, over));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ReceptiveFieldServices services, ReceptiveFieldQuery query, FigureQuery figure, LoadedModel model, string layer,
        PixelBuffer? over)
    {
        var figures = await ReceptiveFieldPlan.Create(model, layer, query.Request).BindAsync(plan => services.Fields.Find(plan) is { } known
            ? Task.FromResult(Outcome.Success(known))
            : services.Renderings.MomentAsync(http, cancel => services.Fields.ComputeAsync(plan, cancel)));
        return figures.ToIResult(found => query.IsJson
            ? TypedResults.Ok(found)
            : Draw(http, services, model, (found, over), figure.Style(query.IsSvg)));
    }

    private static IResult Draw(
        HttpContext http, ReceptiveFieldServices services, LoadedModel model, (ReceptiveFieldFigures Figures, PixelBuffer? Over) field,
        FigureStyle style)
    {
        var (figures, over) = field;
        var tag = ReceptiveFieldImage.Tag(model, figures, over);
        return CacheableImageResult.NotModified(http, style.Tag(tag))
            ?? FigureResult.File(http, services.Files, ReceptiveFieldImage.Draw(figures, over, tag), style);
    }
}

/// <summary>The services needed for receptive fields.</summary>
internal sealed record ReceptiveFieldServices(
    ModelRegistry Registry, ReceptiveFieldPipeline Fields, NetworkImages Images, FigureFiles Files, Renderings Renderings);
