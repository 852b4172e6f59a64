using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/receptive-field: the receptive field of a cell of a layer.</summary>
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
        var pixels = over.Image is null ? null : await model.BindAsync(found => services.Images.ReadAsync(http, over.Image, found));
        return (model.Problem ?? pixels?.Problem) is { } problem
            ? problem.ToResult()
            : await AnswerAsync(http, services, query, model.Value, layer, pixels?.Value);
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, [AsParameters] ReceptiveFieldServices services, [AsParameters] ReceptiveFieldQuery query, string layer)
    {
        var model = await services.Registry.WithLayersAsync(query.Model);
        var pixels = await model.BindAsync(found => services.Images.ReadAsync(http, null, found));
        return pixels.Problem is { } problem
            ? problem.ToResult()
            : await AnswerAsync(http, services, query, model.Value, layer, pixels.Value);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ReceptiveFieldServices services, ReceptiveFieldQuery query, LoadedModel model, string layer, PixelBuffer? over)
    {
        var figures = await ReceptiveFieldPlan.Create(model, layer, query.Request)
            .BindAsync(plan => services.Fields.ComputeAsync(plan, http.RequestAborted));
        if (figures.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var tag = ReceptiveFieldImage.Tag(model, figures.Value, over);
        return query.IsJson ? TypedResults.Ok(figures.Value)
            : CacheableImageResult.NotModified(http, tag)
                ?? CacheableImageResult.File(http, services.Encoder.Encode(ReceptiveFieldImage.Draw(figures.Value, over), []), "image/png",
                    tag);
    }
}

/// <summary>The services needed for receptive fields.</summary>
internal sealed record ReceptiveFieldServices(
    ModelRegistry Registry, ReceptiveFieldPipeline Fields, NetworkImages Images, IPngEncoder Encoder);
