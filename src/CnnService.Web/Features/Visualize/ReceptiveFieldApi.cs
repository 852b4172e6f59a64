using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/receptive-field: what one cell of a layer sees.</summary>
internal static class ReceptiveFieldApi
{
    private const string Description =
        "Draws what one cell of the layer sees over an image, or over plain grey: size, jump and start by the windows on the way; a box "
        + "that reaches beyond the image is cut, its true size told. "
        + "With `effective=true` also how much each pixel really moves the cell, measured by gradients over 32 images of noise: far less "
        + "than the box, mostly (Luo et al. 2016). "
        + "Where padding repeats or mirrors the image, a cell near the border also sees what is mirrored.";

    public static void MapReceptiveField(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/receptive-field", GetAsync)
            .WithName("GetReceptiveField").WithSummary("What one cell of a layer sees").WithDescription(Description)
            .Produces<ReceptiveFieldFigures>(200).ProducesImage("image/png").Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapPost("/{layer}/receptive-field", PostAsync).TakesAnImage()
            .WithName("PostReceptiveField").WithSummary("The same over an image that is sent").WithDescription(Description)
            .Produces<ReceptiveFieldFigures>(200).ProducesImage("image/png").ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ReceptiveFieldServices services, [AsParameters] ReceptiveFieldQuery query,
        [AsParameters] OverImageQuery over, string layer)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => OverAsync(http, services, over.Image, found));
        return await pixels.ToIResultAsync(read => AnswerAsync(http, services, query, model.Value, layer, read));
    }

    /// <summary>The image that the query names; null where it names none.</summary>
    private static async Task<Outcome<PixelBuffer?>> OverAsync(
        HttpContext http, ReceptiveFieldServices services, DatasetImageName? image, LoadedModel model) =>
        image is null
            ? Outcome.Success<PixelBuffer?>(null)
            : (await services.Images.ReadAsync(http, image, model)).Map<PixelBuffer?>(pixels => pixels);

    private static async Task<IResult> PostAsync(
        HttpContext http, [AsParameters] ReceptiveFieldServices services, [AsParameters] ReceptiveFieldQuery query, string layer)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => services.Images.ReadAsync(http, null, found));
        return await pixels.ToIResultAsync(over => AnswerAsync(http, services, query, model.Value, layer, over));
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ReceptiveFieldServices services, ReceptiveFieldQuery query, LoadedModel model, string layer, PixelBuffer? over)
    {
        var figures = await ReceptiveFieldPlan.Create(model, layer, query.Request)
            .BindAsync(plan => services.Fields.ComputeAsync(plan, http.RequestAborted));
        return figures.ToIResult(found => query.IsJson ? TypedResults.Ok(found) : Draw(http, services, model, found, over));
    }

    private static IResult Draw(
        HttpContext http, ReceptiveFieldServices services, LoadedModel model, ReceptiveFieldFigures figures, PixelBuffer? over)
    {
        var tag = ReceptiveFieldImage.Tag(model, figures, over);
        return CacheableImageResult.NotModified(http, tag)
            ?? CacheableImageResult.File(http, services.Encoder.Encode(ReceptiveFieldImage.Draw(figures, over), []), "image/png", tag);
    }
}

/// <summary>What receptive fields need.</summary>
internal sealed record ReceptiveFieldServices(
    ModelRegistry Registry, ReceptiveFieldPipeline Fields, NetworkImages Images, IPngEncoder Encoder);
