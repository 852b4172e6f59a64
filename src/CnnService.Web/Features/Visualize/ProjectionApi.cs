using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Projection;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/projection: a data set as a layer sees it.</summary>
internal static class ProjectionApi
{
    private const string Description =
        "Puts the images of a split on a plane by the means of the layer's maps: colours are classes, hollow marks images that the "
        + "network takes for another class. "
        + "`method=tsne` takes 30 neighbours for near, fewer where there are under 91 images, and answers in seconds, for 2000 images in "
        + "about a minute. `format=json` gives the numbers; "
        + "`trustworthiness` says how far neighbours on the map are neighbours in truth.";

    public static void MapProjection(this IEndpointRouteBuilder visualize) => visualize.MapGet("/{layer}/projection", GetAsync)
        .WithName("GetProjection").WithSummary("A map of a data set's images by what a layer makes of them").WithDescription(Description)
        .Produces<ProjectionFigures>(200).ProducesImage("image/png").Produces<RenderingPending>(202).Produces(304)
        .ProducesProblems(400, 404, 409, 422, 503, 504);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ProjectionServices services, [AsParameters] ProjectionQuery query, string layer)
    {
        var plan = await services.Registry.WithLayersAsync(query.Model).BindAsync(model =>
            services.Sources.FindAsync(model, query.Dataset, query.Split, query.Looked)
                .BindAsync(source => ProjectionPlan.Create(model, layer, source, query.Request)));
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(wanted.ETag, QueryRules.Patience(query.Wait), !query.IsJson),
            cancel => services.Projector.GetOrComputeAsync(wanted, cancel),
            figures => query.IsJson ? TypedResults.Ok(figures)
                : CacheableImageResult.File(http, services.Encoder.Encode(ProjectionImage.Draw(figures), []), "image/png", wanted.ETag)));
    }
}

/// <summary>What projections need.</summary>
internal sealed record ProjectionServices(
    ModelRegistry Registry, ProjectionPipeline Projector, ScanSources Sources, IPngEncoder Encoder, Renderings Renderings);
