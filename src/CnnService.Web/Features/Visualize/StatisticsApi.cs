using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Interpretation.Statistics;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/statistics: the activity of a layer's filters on a data set.</summary>
internal static class StatisticsApi
{
    public static void MapStatistics(this IEndpointRouteBuilder visualize) => visualize.MapGet("/{layer}/statistics", GetAsync)
        .WithName("GetFilterStatistics").WithSummary("Activity of a layer's filters on a data set: dead, rare and duplicate filters")
        .WithDescription(
            "One pass over `images` evenly spread images of a split. `dead`: never above 0 on 500 or more images (`silent` on fewer);"
            + " `medianMax`, `p99Max` and "
            + "`p999Max` are percentiles of the maximum activation per image.")
        .Produces<LayerScan>(200).ProducesFigureToo().Produces<RenderingPending>(202).Produces(304)
        .ProducesProblems(400, 404, 409, 422, 503, 504);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] StatisticsServices services, [AsParameters] StatisticsQuery query, [AsParameters] ScanQuery scan,
        [AsParameters] FigureQuery figure, string layer)
    {
        var plan = await services.Registry.WithLayersAsync(query.Model).BindAsync(model => services.Sources
            .FindAsync(model, scan, http.RequestAborted)
            .BindAsync(source => StatisticsPlan.Create(model, layer, source)));
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(figure.Style(query.IsSvg).Tag(wanted.ETag), QueryRules.Patience(query.Wait), !query.IsJson),
            () => Renderings.Known(services.Statistics.Find(wanted)),
            cancel => services.Statistics.GetOrComputeAsync(wanted, cancel),
            scanned => query.IsJson ? TypedResults.Ok(scanned)
                : FigureResult.File(http, services.Files, StatisticsPipeline.Render(wanted, scanned), figure.Style(query.IsSvg))));
    }
}

/// <summary>The services needed for statistics.</summary>
internal sealed record StatisticsServices(
    ModelRegistry Registry, StatisticsPipeline Statistics, ScanSources Sources, FigureFiles Files, Renderings Renderings);
