using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Examples;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}[/{filter}]/examples: the images of a data set with the highest activations of filters.</summary>
internal static class ExamplesApi
{
    public static void MapExamples(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/examples", GetRowsAsync)
            .WithName("GetExampleRows")
            .WithSummary(
                "The images with the highest activations of a layer's filters, eight filters from `offset` on, cropped to the receptive "
                + "fields")
            .Produces<ExamplesResource>(200).ProducesFigureToo().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/{layer}/{filter:int}/examples", GetAsync)
            .WithName("GetExamples").WithSummary("The images with the highest activations of a filter, cropped to the receptive fields")
            .Produces<ExamplesResource>(200).ProducesFigureToo().Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static Task<IResult> GetRowsAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan,
        [AsParameters] OffsetQuery rows, [AsParameters] FigureQuery figure, string layer) =>
        AnswerAsync(http, services, query, scan, figure, (layer, rows.Offset ?? 0, ExampleRequest.MaxRows));

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan,
        [AsParameters] FigureQuery figure, string layer, int filter) =>
        AnswerAsync(http, services, query, scan, figure, (layer, filter, 1));

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExamplesServices services, ExamplesQuery query, ScanQuery scan, FigureQuery figure,
        (string Layer, int Offset, int Count) filters)
    {
        var plan = await services.Registry.WithLayersAsync(query.Model).BindAsync(model => services.Sources
            .FindAsync(model, scan, http.RequestAborted)
            .BindAsync(source => ExamplePlan.Create(
                model, filters.Layer, source, new(filters.Offset, filters.Count, query.Examples))));
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(figure.Style(query.IsSvg).Tag(wanted.ETag), QueryRules.Patience(query.Wait), !query.IsJson),
            () => services.Examples.Find(wanted, http.RequestAborted),
            cancel => services.Examples.GetOrRenderAsync(wanted, cancel),
            sheet => query.IsJson ? TypedResults.Ok(ExamplesResource.From(wanted.Source.Dataset.Name, sheet))
                : FigureResult.File(http, services.Files, sheet.Drawn, figure.Style(query.IsSvg))));
    }
}

/// <summary>The services needed for examples.</summary>
internal sealed record ExamplesServices(
    ModelRegistry Registry, ExamplePipeline Examples, ScanSources Sources, FigureFiles Files, Renderings Renderings);
