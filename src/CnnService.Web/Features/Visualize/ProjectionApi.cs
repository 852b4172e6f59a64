using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Projection;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/{layer}/projection: the images of a data set in the plane, by the activations of a layer.</summary>
internal static class ProjectionApi
{
    private const string Description =
        "Projects the images of a split onto a plane by the means of the layer's feature maps: colours are classes, hollow markers are "
        + "images that the network classifies wrongly.";

    public static void MapProjection(this IEndpointRouteBuilder visualize) => visualize.MapGet("/{layer}/projection", GetAsync)
        .WithName("GetProjection").WithSummary(
            "A projection of a data set's images onto a plane by a layer's activations").WithDescription(Description)
        .Produces<ProjectionFigures>(200).ProducesFigureToo().Produces<RenderingPending>(202).Produces(304)
        .ProducesProblems(400, 404, 409, 422, 503, 504);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ProjectionServices services, [AsParameters] ProjectionQuery query,
        [AsParameters] FigureQuery figure, string layer)
    {
        var plan = await services.Registry.WithLayersAsync(query.Model).BindAsync(model =>
            services.Sources.FindAsync(model, query.Dataset, query.Split, query.ImageCount, http.RequestAborted)
                .BindAsync(source => ProjectionPlan.Create(model, layer, source, query.Request)));
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(figure.Style(query.IsSvg).Tag(wanted.ETag), QueryRules.Patience(query.Wait), !query.IsJson),
            () => Renderings.Known(services.Projector.Find(wanted)),
            cancel => services.Projector.GetOrComputeAsync(wanted, cancel),
            figures => query.IsJson ? TypedResults.Ok(figures)
                : FigureResult.File(
                    http, services.Files, new(ProjectionImage.Draw(figures), [], wanted.ETag), figure.Style(query.IsSvg))));
    }
}

/// <summary>The services needed for projections.</summary>
internal sealed record ProjectionServices(
    ModelRegistry Registry, ProjectionPipeline Projector, ScanSources Sources, FigureFiles Files, Renderings Renderings);
