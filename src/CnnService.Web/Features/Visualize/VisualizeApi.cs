using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize: what a network sees.</summary>
internal static class VisualizeApi
{
    private const string Png = "image/png";

    private const string LayerKinds =
        "Each tile shows the input that its filter responds to most, found by gradient ascent. The same request gives the same bytes. "
        + "`kind=receptive-field` draws what one cell of the layer sees over `image`, or over a grey picture: size, jump and start by the windows on the way; a box that reaches beyond the picture is cut, its true size told. "
        + "With `effective=true` also how much each pixel really moves the cell, measured by gradients over 32 pictures of noise: far less than the box, mostly (Luo et al. 2016). "
        + "Where padding repeats or mirrors the picture, a cell near the border also sees what is mirrored. "
        + "`kind=projection` puts the pictures of a split on a plane by the means of the layer's maps: colours are classes, hollow marks pictures that the network takes for another class. "
        + "`method=tsne` takes 30 neighbours for near, fewer where there are under 91 pictures, and answers in seconds, for 2000 pictures in about a minute. `format=json` gives the numbers; `trustworthiness` says how far neighbours on the map are neighbours in truth.";

    private const string Figures =
        "Gradient ascent in input space. `format=json` gives the figures: activation reached, of the start, of noise, status, all of the very bytes that are shown, and the `settings` it was looked for with. "
        + "With `split`, or `dataset`, they are compared with those of real pictures, in the network's own size: `dataP50`, `dataP99` and `dataMax`, `z` (deviations above their mean), and `rank` "
        + "(how many filters of the layer stand out more, 0 is the best). The comparison is a part of the request, because the same request gives the same bytes.";

    public static void MapVisualize(this IEndpointRouteBuilder routes)
    {
        var visualize = routes.MapGroup("/visualize").WithTags("Seeing inside").RequireAuthorization(Scopes.Read).RefusesUnknownParameters().AnswersHead()
            .WithoutExample("size").WithoutExample("split"); // Each would exclude others.
        visualize.MapGet("/", LayersAsync).WithName("ListVisualLayers").WithSummary("The layers that can be looked into").ProducesProblems(400, 404, 422, 503);
        routes.MapFilm();
        visualize.MapClassPictures();
        visualize.MapStatistics();
        visualize.MapFeatureMaps();
        visualize.MapGet("/{layer}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, [AsParameters] PatternQuery pattern, string layer) => GetAsync(http, parts, query, pattern, layer, null))
            .WithName("GetPatternGrid").WithSummary("A grid of filter patterns; with `image` of feature maps, with `kind=examples` rows of the pictures that excite the filters most")
            .WithDescription(LayerKinds)
            .Produces(200, contentType: Png).Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 422, 503);
        visualize.MapGet("/{layer}/{filter:int}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, [AsParameters] PatternQuery pattern, string layer, int filter) => GetAsync(http, parts, query, pattern, layer, filter))
            .WithName("GetPattern").WithSummary("The pattern a filter responds to most; with `image` its feature map, with `kind=examples` the pictures that excite it most")
            .WithDescription(Figures)
            .Produces(200, contentType: Png).Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 422, 503);
        routes.MapMethods("/visualize/{layer}/{filter}", [HttpMethods.Get, HttpMethods.Post], (string layer, string filter) => NoNumber(layer, filter).ToResult())
            .RequireAuthorization(Scopes.Read).ExcludeFromDescription(); // Not of the group: whatever the parameters, this comes first.
    }

    private static async Task<Results<Ok<VisualLayers>, ProblemResult>> LayersAsync(ModelRegistry registry, string? model)
    {
        var found = (await registry.ResolveAsync(model)).Bind(loaded => loaded.RequireLayers());
        var layers = found.Map(loaded => Core.Interpretation.VisualLayers.Of(loaded.Network));
        return layers.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(VisualLayers.Of(found.Value, layers.Value));
    }

    /// <summary>Also what a layer's name with a slash comes to that is not written %2F.</summary>
    private static Problem NoNumber(string layer, string filter)
    {
        var errors = new ValidationErrors();
        errors.Add("filter", $"must be a whole number from 0 on, received \"{filter}\"; a slash in a layer's name is written %2F: {layer}%2F{filter}");
        return Problem.Validation(errors);
    }

    private static async Task<IResult> GetAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, PatternQuery pattern, string layer, int? filter)
    {
        var model = (await parts.Registry.ResolveAsync(query.Model)).Bind(loaded => loaded.RequireLayers());
        if ((model.Problem ?? query.Check(http, query.Shows(hasPicture: false), pattern)) is { } problem)
        {
            return problem.ToResult();
        }

        return (query.IsField || query.IsProjection) && filter is not null ? OfLayers(query)
            : query.IsField && query.Image is null ? await FieldAnswer.GiveAsync(http, parts, model.Value, query, layer, null)
            : query.IsProjection ? await ProjectionAnswer.GiveAsync(http, parts, model.Value, query, layer)
            : query.IsKernels ? KernelAnswer.Give(http, parts.Png, model.Value, query, layer, filter)
            : query.IsExamples ? await ScanAnswer.ExamplesAsync(http, parts, model.Value, query, layer, filter)
            : query.Image is not null ? await MapAnswer.GiveAsync(http, parts, model.Value, query, layer, filter)
            : await PatternAnswer.GiveAsync(http, parts, model.Value, query, pattern, layer, filter);
    }

    /// <summary>Refuses what is asked of a filter and is of a layer.</summary>
    public static ProblemResult OfLayers(VisualizeQuery query) =>
        Problem.Invalid("request.invalid", $"kind={query.Kind} is about a layer, not about a filter: /visualize/{{layer}}?kind={query.Kind}.").ToResult();
}

/// <summary>What visualizing needs.</summary>
internal sealed record VisualizeParts(
    ModelRegistry Registry, PatternPipeline Patterns, FeatureMapPipeline Maps, PatternJudge Judge, LayerScanner Scanner, ExamplePicture Examples, LayerProjector Projector, EffectiveFields Fields, IPngEncoder Png, IImageDecoder Decoder, DecodeSlots Slots, DatasetStore Datasets, DataFolders Folders);

/// <summary>The layers of a model that can be looked into.</summary>
internal sealed record VisualLayers(string Model, int Version, IReadOnlyList<VisualLayerLink> Layers)
{
    public static VisualLayers Of(LoadedModel model, IReadOnlyList<VisualLayer> layers) => new(
        model.Name, model.Version, [.. layers.Select(layer => VisualLayerLink.Of(model, layer))]);
}

/// <summary>A layer and where its pictures are.</summary>
internal sealed record VisualLayerLink(string Name, string Type, int Filters, IReadOnlyList<int> MapSize, IReadOnlyDictionary<string, string> Links)
{
    public static VisualLayerLink Of(LoadedModel model, VisualLayer layer)
    {
        var query = FormattableString.Invariant($"?model={model.Name}:{model.Version}");
        var links = new Dictionary<string, string>
        {
            ["patterns"] = $"/visualize/{layer.Name}{query}",
            ["pattern"] = $"/visualize/{layer.Name}/{{filter}}{query}",
            ["maps"] = $"/visualize/{layer.Name}{query}&image={{dataset}}/{{id}}",
            ["statistics"] = $"/visualize/{layer.Name}/statistics{query}",
            ["examples"] = $"/visualize/{layer.Name}/{{filter}}{query}&kind=examples",
            ["receptiveField"] = $"/visualize/{layer.Name}{query}&kind=receptive-field",
            ["projection"] = $"/visualize/{layer.Name}{query}&kind=projection",
        };
        if (layer.Type == "conv2d")
        {
            links["weights"] = $"/visualize/{layer.Name}{query}&kind=weights";
        }

        return new(layer.Name, layer.Type, layer.Filters, layer.MapSize, links);
    }
}
