using CnnService.Core.Interpretation.ClassImages;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize/classes: the pictures that a network draws for its classes.</summary>
internal static class ClassPicturesApi
{
    private const string Description =
        "Gradient ascent on the class's logit, never on its probability. `format=json` gives what the served network says of the finished picture. Of a network that knows little "
        + "the picture is texture, not an object. A single sigmoid output gives both of its classes. The same request gives the same bytes.";

    public static void MapClassPictures(this IEndpointRouteBuilder visualize)
    {
        visualize.MapGet("/classes", (HttpContext http, [AsParameters] ClassParts parts, [AsParameters] VisualizeQuery query, [AsParameters] PatternQuery pattern) => GetAsync(http, parts, query, pattern, null))
            .WithName("GetClassPictures").WithSummary("The pictures a network draws for its classes, as a labelled sheet").WithDescription(Description)
            .Produces(200, contentType: "image/png").Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        visualize.MapGet("/classes/{class}", (HttpContext http, [AsParameters] ClassParts parts, [AsParameters] VisualizeQuery query, [AsParameters] PatternQuery pattern, string @class) => GetAsync(http, parts, query, pattern, @class))
            .WithName("GetClassPicture").WithSummary("The picture a network draws for a class, by name or index").WithDescription(Description)
            .Produces(200, contentType: "image/png").Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503);
    }

    private static async Task<IResult> GetAsync(HttpContext http, ClassParts parts, VisualizeQuery query, PatternQuery pattern, string? named)
    {
        var model = (query.RefuseKind("what is drawn of a class is always its pattern") ?? query.Check(http, Shown.Class, pattern)) is { } wrong ? wrong : await parts.Registry.ResolveAsync(query.Model);
        var classes = model.Bind(found => ClassPictures.Find(found, named, query.First, query.Filters));
        if (classes.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var applied = await pattern.ApplyAsync(query.Pattern, model.Value, query.Dataset, parts.Datasets, parts.Folders);
        if (applied.Problem is { } unfit)
        {
            return unfit.ToResult();
        }

        var request = applied.Value;
        var isSheet = named is null;
        return await PatternAnswer.GiveAsync(
            http,
            query,
            parts.Drawing.ETag(model.Value, classes.Value, isSheet, request),
            cancel => parts.Drawing.DrawAsync(model.Value, classes.Value, isSheet, request, cancel),
            drawn => !query.AsJson ? PictureAnswer.File(http, drawn.Picture)
                : isSheet ? TypedResults.Ok(drawn.Figures)
                : TypedResults.Ok(drawn.Figures[0]));
    }
}

/// <summary>What class pictures need.</summary>
internal sealed record ClassParts(ModelRegistry Registry, ClassPictures Drawing, DatasetStore Datasets, DataFolders Folders);
