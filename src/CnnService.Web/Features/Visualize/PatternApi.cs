using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}[/{filter}]: the input that maximizes the activation of filters.</summary>
internal static class PatternApi
{
    private const string Grid =
        "Each tile shows the input that its filter responds to most, found by gradient ascent.";

    private const string Figures =
        "Gradient ascent in input space. `format=json` returns the values: the activation reached, that of the starting point and of "
        + "noise, and a status, all measured on exactly the returned image. With `split` or `dataset`, activations are compared with "
        + "those of real images: `dataP50`, `dataP99` and `dataMax`, `z` (standard deviations above their mean), and `rank` (how many "
        + "filters of the layer have a higher `z`).";

    public static void MapPatterns(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}", GetGridAsync)
            .WithName("GetPatternGrid").WithSummary("A grid of filter patterns").WithDescription(Grid)
            .ProducesFigure().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/{layer}/{filter:int}", GetAsync)
            .WithName("GetPattern").WithSummary("The pattern a filter responds to most").WithDescription(Figures)
            .ProducesFigure().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static async Task<IResult> GetGridAsync(
        HttpContext http, [AsParameters] PatternServices services, [AsParameters] PatternQuery query, [AsParameters] AscentQuery ascent,
        [AsParameters] GridQuery grid, [AsParameters] FigureQuery figure, string layer)
    {
        var work = await PlanAsync(services, query, ascent, layer, grid.First, grid.Tiles, http.RequestAborted);
        return await AnswerAsync(http, services, (query, figure), work, rendered => TypedResults.Ok(rendered.Figures));
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] PatternServices services, [AsParameters] PatternQuery query, [AsParameters] AscentQuery ascent,
        [AsParameters] FigureQuery figure, string layer, int filter)
    {
        var work = await PlanAsync(services, query, ascent, layer, filter, null, http.RequestAborted);
        return await AnswerAsync(
            http, services, (query, figure), work,
            rendered => query.Diversity is null or 1 ? TypedResults.Ok(rendered.Figures[0]) : TypedResults.Ok(rendered.Figures));
    }

    /// <summary>Resolves all names once.</summary>
    private static Task<Outcome<Drawing>> PlanAsync(
        PatternServices services, PatternQuery query, AscentQuery ascent, string layer, int offset, int? count, CancellationToken cancel) =>
        services.Registry.WithLayersAsync(query.Model)
            .BindAsync(
                model => RequestAsync(services, model, query, ascent, cancel)
                    .BindAsync(request => PatternJob.Create(model, layer, offset, count, request)))
            .BindAsync(job => DrawingAsync(services, query, services.Patterns.Place(job), cancel));

    private static async Task<Outcome<PatternRequest>> RequestAsync(
        PatternServices services, LoadedModel model, PatternQuery query, AscentQuery ascent, CancellationToken cancel) =>
        ascent.TakesColors
            ? await services.Sources.ColorsAsync(model, query.Request(ascent), query.Dataset, cancel)
            : query.Request(ascent);

    private static async Task<Outcome<Drawing>> DrawingAsync(
        PatternServices services, PatternQuery query, PatternJob job, CancellationToken cancel) => query.IsJudged
        ? (await services.Sources.FindAsync(job.Model, query.Dataset, query.Split, query.ImageCount, cancel)).Map(source =>
            new Drawing(PatternComparison.ETag(job, source), () => null, stop => services.Comparison.DrawAsync(job, source, stop)))
        : new Drawing(job.ETag, () => services.Patterns.Find(job), stop => services.Patterns.GetOrRenderAsync(job, stop));

    private static Task<IResult> AnswerAsync(
        HttpContext http, PatternServices services, (PatternQuery Query, FigureQuery Figure) asked, Outcome<Drawing> work,
        Func<RenderedPatterns, IResult> figures) =>
        work.ToIResultAsync(drawing => services.Renderings.AnswerAsync(
            http,
            new(asked.Figure.Style(asked.Query.IsSvg).Tag(drawing.Tag), QueryRules.Patience(asked.Query.Wait), !asked.Query.IsJson),
            () => Renderings.Known(drawing.Find()), drawing.Draw,
            rendered => asked.Query.IsJson ? figures(rendered)
                : FigureResult.File(http, services.Files, rendered, asked.Figure.Style(asked.Query.IsSvg))));

    private sealed record Drawing(string Tag, Func<RenderedPatterns?> Find, Func<CancellationToken, Task<Outcome<RenderedPatterns>>> Draw);
}

/// <summary>The services needed for patterns.</summary>
internal sealed record PatternServices(
    ModelRegistry Registry, PatternPipeline Patterns, PatternComparison Comparison, ScanSources Sources, FigureFiles Files,
    Renderings Renderings);
