using CnnService.Core.Common;
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
            .Produces<ExamplesResource>(200).ProducesImage("image/png").Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/{layer}/{filter:int}/examples", GetAsync)
            .WithName("GetExamples").WithSummary("The images with the highest activations of a filter, cropped to the receptive fields")
            .Produces<ExamplesResource>(200).ProducesImage("image/png").Produces<RenderingPending>(202).Produces(304)
            .ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static Task<IResult> GetRowsAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan,
        [AsParameters] OffsetQuery rows, string layer) =>
        AnswerAsync(http, services, query, scan, layer, rows.Offset ?? 0, ExampleRequest.MaxRows);

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan,
        string layer, int filter) =>
        AnswerAsync(http, services, query, scan, layer, filter, 1);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExamplesServices services, ExamplesQuery query, ScanQuery scan, string layer, int offset, int filters)
    {
        var plan = await services.Registry.WithLayersAsync(query.Model).BindAsync(model => services.Sources
            .FindAsync(model, scan, http.RequestAborted)
            .BindAsync(source => ExamplePlan.Create(model, layer, source, new(offset, filters, query.Examples))));
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(wanted.ETag, QueryRules.Patience(query.Wait), !query.IsJson),
            () => services.Examples.Find(wanted, http.RequestAborted),
            cancel => services.Examples.GetOrRenderAsync(wanted, cancel),
            sheet => query.IsJson ? TypedResults.Ok(ExamplesResource.Of(wanted.Source.Dataset.Name, sheet))
                : CacheableImageResult.File(http, sheet.Png, "image/png", wanted.ETag)));
    }
}

/// <summary>The services needed for examples.</summary>
internal sealed record ExamplesServices(ModelRegistry Registry, ExamplePipeline Examples, ScanSources Sources, Renderings Renderings);
