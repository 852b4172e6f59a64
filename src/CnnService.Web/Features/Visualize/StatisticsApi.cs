using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Statistics;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/statistics: how alive a layer's filters are.</summary>
internal static class StatisticsApi
{
    public static void MapStatistics(this IEndpointRouteBuilder visualize) => visualize.MapGet("/{layer}/statistics", GetAsync)
        .WithName("GetFilterStatistics").WithSummary("How alive a layer's filters are on a data set: dead, rare, duplicate ones")
        .WithDescription(
            "One pass over `images` of a split, evenly spread. `dead`: never above 0 on 500 images and more (`silent` on fewer), `rare`: "
            + "fires on under 1 % of them, `always`: above 0 in over 99 % of the cells. "
            + "`medianMax`, `p99Max` and `p999Max` are percentiles of the images' largest answers. `nearest` is the filter with the "
            + "likest kernel. JSON, or bars with `format=png`.")
        .Produces<LayerScan>(200).ProducesImage("image/png").Produces<RenderingPending>(202).Produces(304)
        .ProducesProblems(400, 404, 409, 422, 503, 504);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] StatisticsServices services, [AsParameters] StatisticsQuery query, [AsParameters] ScanQuery scan,
        string layer)
    {
        var found = await services.Registry.WithLayersAsync(query.Model).BindAsync(model => services.Sources.FindAsync(model, scan)
            .BindAsync(
                source => LayerScanner.Tag(model, layer, source).Map(tag => (Model: model, Source: source, Tag: $"{tag}-statistics"))));
        return await found.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(wanted.Tag, QueryRules.Patience(query.Wait), !query.IsJson),
            cancel => services.Scanner.ScanAsync(wanted.Model, layer, wanted.Source, cancel),
            scanned => query.IsJson ? TypedResults.Ok(scanned)
                : CacheableImageResult.File(http, services.Encoder.Encode(StatisticsImage.Draw(scanned), []), "image/png", wanted.Tag)));
    }
}

/// <summary>What statistics need.</summary>
internal sealed record StatisticsServices(
    ModelRegistry Registry, LayerScanner Scanner, ScanSources Sources, IPngEncoder Encoder, Renderings Renderings);
