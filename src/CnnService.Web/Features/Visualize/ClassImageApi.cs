using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/classes: the images that a network draws for its classes.</summary>
internal static class ClassImageApi
{
    private const string Description =
        "Gradient ascent on the class's logit, never on its probability. `format=json` gives what the served network says of the finished image. Of a network that knows little "
        + "the image is texture, not an object. A single sigmoid output gives both of its classes. The same request gives the same bytes.";

    public static void MapClassImages(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/classes", GetSheetAsync)
            .WithName("GetClassImages").WithSummary("The images a network draws for its classes, as a labelled sheet").WithDescription(Description)
            .Produces(200, contentType: "image/png").Produces<RenderingPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/classes/{class}", GetAsync)
            .WithName("GetClassImage").WithSummary("The image a network draws for a class, by name or index").WithDescription(Description)
            .Produces(200, contentType: "image/png").Produces<RenderingPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static Task<IResult> GetSheetAsync(
        HttpContext http, [AsParameters] ClassImageServices services, [AsParameters] ClassImageQuery query, [AsParameters] AscentQuery ascent, [AsParameters] GridQuery grid) =>
        AnswerAsync(http, services, query, ascent, model => ClassPictures.Find(model, null, grid.First, grid.Tiles), isSheet: true);

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ClassImageServices services, [AsParameters] ClassImageQuery query, [AsParameters] AscentQuery ascent, string @class) =>
        AnswerAsync(http, services, query, ascent, model => ClassPictures.Find(model, @class, 0, 1), isSheet: false);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ClassImageServices services, ClassImageQuery query, AscentQuery ascent, Func<LoadedModel, Outcome<IReadOnlyList<int>>> find, bool isSheet)
    {
        var work = await services.Registry.ResolveAsync(query.Model).BindAsync(model => find(model).BindAsync(classes =>
            RequestAsync(services, model, query, ascent).BindAsync(request =>
                services.Images.ETag(model, classes, isSheet, request).Map(tag => (Model: model, Classes: classes, Request: request, Tag: tag)))));
        return work.Problem is { } problem
            ? problem.ToResult()
            : await services.Renderings.AnswerAsync(
                http,
                new(work.Value.Tag, QueryRules.Patience(query.Wait), !query.IsJson),
                cancel => services.Images.DrawAsync(work.Value.Model, work.Value.Classes, isSheet, work.Value.Request, cancel),
                drawn => !query.IsJson ? PictureAnswer.File(http, drawn.Picture)
                    : isSheet ? TypedResults.Ok(drawn.Figures)
                    : TypedResults.Ok(drawn.Figures[0]));
    }

    private static async Task<Outcome<PatternRequest>> RequestAsync(ClassImageServices services, LoadedModel model, ClassImageQuery query, AscentQuery ascent) =>
        ascent.TakesColors ? await services.Sources.ColorsAsync(model, ascent.Request, query.Dataset) : ascent.Request;
}

/// <summary>What images of classes need.</summary>
internal sealed record ClassImageServices(ModelRegistry Registry, ClassPictures Images, ScanSources Sources, Renderings Renderings);
