using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Examples;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}[/{filter}]/examples: the images of a data set that excite filters most.</summary>
internal static class ExamplesApi
{
    public static void MapExamples(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/{layer}/examples", GetRowsAsync)
            .WithName("GetExampleRows").WithSummary("Rows of the images that excite a layer's filters most, eight filters from `offset` on, cut to what they see")
            .Produces<ExamplesResource>(200).OrPicture("image/png").Produces<RenderingPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503, 504);
        visualize.MapGet("/{layer}/{filter:int}/examples", GetAsync)
            .WithName("GetExamples").WithSummary("The images that excite a filter most, cut to what it sees")
            .Produces<ExamplesResource>(200).OrPicture("image/png").Produces<RenderingPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503, 504);
    }

    private static Task<IResult> GetRowsAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan, [AsParameters] OffsetQuery rows, string layer) =>
        AnswerAsync(http, services, query, scan, layer, rows.Offset ?? 0, int.MaxValue);

    private static Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ExamplesServices services, [AsParameters] ExamplesQuery query, [AsParameters] ScanQuery scan, string layer, int filter) =>
        AnswerAsync(http, services, query, scan, layer, filter, 1);

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExamplesServices services, ExamplesQuery query, ScanQuery scan, string layer, int offset, int filters)
    {
        var found = await services.Registry.WithLayersAsync(query.Model).BindAsync(model => services.Sources.FindAsync(model, scan)
            .BindAsync(source => LayerScanner.Tag(model, layer, source).Map(tag => (Model: model, Source: source, Tag: tag))));
        if (found.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var (model, source, key) = found.Value;
        var tag = FormattableString.Invariant($"{key}-examples-{offset}-{filters}-{query.Examples}");
        return await services.Renderings.AnswerAsync(
            http,
            new(tag, QueryRules.Patience(query.Wait), !query.IsJson),
            cancel => services.Scanner.ScanAsync(model, layer, source, cancel)
                .BindAsync(scanned => services.Examples.Draw(model, scanned, source, offset, filters, query.Examples, cancel)),
            sheet => query.IsJson ? TypedResults.Ok(ExamplesResource.Of(source.Dataset.Name, sheet)) : PictureAnswer.File(http, sheet.Png, "image/png", tag));
    }
}

/// <summary>What examples need.</summary>
internal sealed record ExamplesServices(ModelRegistry Registry, LayerScanner Scanner, ExamplePicture Examples, ScanSources Sources, Renderings Renderings);
