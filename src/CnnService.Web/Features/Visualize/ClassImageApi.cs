using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/classes: the inputs that maximize the logits of classes.</summary>
internal static class ClassImageApi
{
    private const string Description =
        "Gradient ascent on the logit of the class, not its probability. `format=json` returns the served network's prediction for the "
        + "resulting image.";

    public static void MapClassImages(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/classes", GetSheetAsync)
            .WithName("GetClassImages").WithSummary("The inputs that a network responds to most for its classes, as a labelled sheet")
            .WithDescription("Each as `GET /visualize/classes/{class}` gives it.")
            .ProducesFigure().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/classes/{class}", GetAsync)
            .WithName("GetClassImage").WithSummary(
                "The input that a network responds to most for a class, by name or index").WithDescription(Description)
            .ProducesFigure().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static async Task<IResult> GetSheetAsync(
        HttpContext http, [AsParameters] ClassImageServices services, [AsParameters] ClassImageQuery query,
        [AsParameters] AscentQuery ascent, [AsParameters] GridQuery grid, [AsParameters] FigureQuery figure)
    {
        var plan = await PlanAsync(services, query, ascent, new() { Offset = grid.First, Count = grid.Tiles }, http.RequestAborted);
        return await AnswerAsync(http, services, (query, figure), plan, figures => TypedResults.Ok(figures));
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ClassImageServices services, [AsParameters] ClassImageQuery query,
        [AsParameters] AscentQuery ascent, [AsParameters] FigureQuery figure, string @class)
    {
        var plan = await PlanAsync(services, query, ascent, new() { Class = @class }, http.RequestAborted);
        return await AnswerAsync(http, services, (query, figure), plan, figures => TypedResults.Ok(figures[0]));
    }

    private static async Task<Outcome<ClassImagePlan>> PlanAsync(
        ClassImageServices services, ClassImageQuery query, AscentQuery ascent, ClassImageRequest request, CancellationToken cancel)
    {
        var model = await services.Registry.ResolveAsync(query.Model);
        var pattern = await model.BindAsync(found => PatternAsync(services, found, query, ascent, cancel));
        return pattern.Bind(drawn => ClassImagePlan.Create(model.Value, request with { Pattern = drawn })).Map(services.Images.Place);
    }

    private static async Task<Outcome<PatternRequest>> PatternAsync(
        ClassImageServices services, LoadedModel model, ClassImageQuery query, AscentQuery ascent, CancellationToken cancel) =>
        ascent.TakesColors ? await services.Sources.ColorsAsync(model, ascent.Request, query.Dataset, cancel) : ascent.Request;

    private static Task<IResult> AnswerAsync(
        HttpContext http, ClassImageServices services, (ClassImageQuery Query, FigureQuery Figure) asked, Outcome<ClassImagePlan> plan,
        Func<IReadOnlyList<ClassImageFigures>, IResult> figures) =>
        plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(asked.Figure.Style(asked.Query.IsSvg).Tag(wanted.ETag), QueryRules.Patience(asked.Query.Wait), !asked.Query.IsJson),
            () => services.Images.Find(wanted),
            cancel => services.Images.GetOrRenderAsync(wanted, cancel),
            drawn => asked.Query.IsJson ? figures(drawn.Figures)
                : FigureResult.File(http, services.Files, drawn.Image, asked.Figure.Style(asked.Query.IsSvg))));
}

/// <summary>The services needed for images of classes.</summary>
internal sealed record ClassImageServices(
    ModelRegistry Registry, ClassImagePipeline Images, ScanSources Sources, FigureFiles Files, Renderings Renderings);
