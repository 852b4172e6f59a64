using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Scanning;
using CnnService.Core.Visualization;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using CnnService.Web.Registry;
using CnnService.Web.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Visualize;

/// <summary>/visualize: what a network sees.</summary>
internal static class VisualizeApi
{
    private const string Png = "image/png";

    public static void MapVisualize(this IEndpointRouteBuilder routes)
    {
        var visualize = routes.MapGroup("/visualize").WithTags("Seeing inside").RequireAuthorization(Scopes.Read);
        visualize.MapGet("/", LayersAsync).WithName("ListVisualLayers").WithSummary("The layers that can be looked into").ProducesProblems(400, 404, 422, 503);
        routes.MapFilm();
        visualize.MapClassPictures();
        visualize.MapStatistics();
        visualize.MapGet("/{layer}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer) => GetAsync(http, parts, query, layer, null))
            .WithName("GetPatternGrid").WithSummary("A grid of filter patterns; with `image` of feature maps, with `kind=examples` rows of the pictures that excite the filters most")
            .WithDescription("Each tile shows the input that its filter responds to most, found by gradient ascent. The same request gives the same bytes.")
            .Produces(200, contentType: Png).Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 422, 503);
        visualize.MapGet("/{layer}/{filter:int}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer, int filter) => GetAsync(http, parts, query, layer, filter))
            .WithName("GetPattern").WithSummary("The pattern a filter responds to most; with `image` its feature map, with `kind=examples` the pictures that excite it most")
            .WithDescription("Gradient ascent in input space. `format=json` gives the figures: activation reached, of the start, of noise, status.")
            .Produces(200, contentType: Png).Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 422, 503);
        visualize.MapPost("/{layer}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer) => PostAsync(http, parts, query, layer, null))
            .WithName("PostFeatureMaps").WithSummary("A grid of a layer's feature maps for a picture").Accepts<IFormFile>("multipart/form-data", "image/jpeg", "image/png", "image/webp").WithForm(("file", FormFieldKind.File))
            .Produces(200, contentType: Png).ProducesProblems(400, 404, 413, 415, 422, 503);
        visualize.MapPost("/{layer}/{filter:int}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer, int filter) => PostAsync(http, parts, query, layer, filter))
            .WithName("PostFeatureMap").WithSummary("A filter's feature map for a picture").Accepts<IFormFile>("multipart/form-data", "image/jpeg", "image/png", "image/webp").WithForm(("file", FormFieldKind.File))
            .Produces(200, contentType: Png).ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<Results<Ok<VisualLayers>, ProblemResult>> LayersAsync(ModelRegistry registry, string? model)
    {
        var found = (await registry.ResolveAsync(model).ConfigureAwait(false)).Then(loaded => loaded.RequireLayers());
        var layers = found.Then(VisualizationPipeline.Layers);
        return layers.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(VisualLayers.Of(found.Value, layers.Value));
    }

    private static async Task<IResult> GetAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, string layer, int? filter)
    {
        var model = (await parts.Registry.ResolveAsync(query.Model).ConfigureAwait(false)).Then(loaded => loaded.RequireLayers());
        if ((model.Problem ?? query.Check()) is { } problem)
        {
            return problem.ToResult();
        }

        return query.IsKernels ? KernelAnswer.Give(http, parts.Png, model.Value, query, layer, filter)
            : query.IsExamples ? await ScanAnswer.ExamplesAsync(http, parts, model.Value, query, layer, filter).ConfigureAwait(false)
            : query.Image is not null
            ? await MapsAsync(http, parts, model.Value, query, layer, filter).ConfigureAwait(false)
            : await PatternAnswer.GiveAsync(http, parts.Pipeline, model.Value, query, layer, filter).ConfigureAwait(false);
    }

    private static async Task<IResult> PostAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, string layer, int? filter)
    {
        var model = (await parts.Registry.ResolveAsync(query.Model).ConfigureAwait(false)).Then(loaded => loaded.RequireLayers());
        if ((model.Problem ?? query.Check()) is { } problem)
        {
            return problem.ToResult();
        }

        return await MapsAsync(http, parts, model.Value, query, layer, filter).ConfigureAwait(false);
    }

    private static async Task<IResult> MapsAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, string layer, int? filter)
    {
        var file = await AskedPicture.FileAsync(http, query.Image, parts.Datasets, parts.Folders).ConfigureAwait(false);
        var picture = file.Problem is { } none ? none : await DecodeAsync(parts, model, file.Value, http.RequestAborted).ConfigureAwait(false);
        return picture.Problem is { } unreadable ? unreadable.ToResult() : Answer(http, Maps(parts, model, layer, filter, picture.Value, query), query);
    }

    private static Outcome<RenderedPicture> Maps(VisualizeParts parts, LoadedModel model, string layer, int? filter, PixelBuffer picture, VisualizeQuery query) =>
        filter is { } one
            ? parts.Pipeline.FeatureMap(model, layer, one, picture, query.Maps)
            : parts.Pipeline.FeatureMapGrid(model, layer, query.First, query.Filters, picture, query.Maps);

    private static IResult Answer(HttpContext http, Outcome<RenderedPicture> rendered, VisualizeQuery query) =>
        rendered.Problem is { } problem ? problem.ToResult()
        : query.AsJson ? TypedResults.Ok(new MapFigures(rendered.Value.SilentFilters))
        : PictureAnswer.File(http, rendered.Value);

    private static Task<Outcome<PixelBuffer>> DecodeAsync(VisualizeParts parts, LoadedModel model, ReadOnlyMemory<byte> file, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        return parts.Slots.RunAsync(() => parts.Decoder.Decode(file, new DecodeTarget(input.Width, input.Height, input.Channels)), cancel);
    }
}

/// <summary>What visualizing needs.</summary>
internal sealed record VisualizeParts(
    ModelRegistry Registry, VisualizationPipeline Pipeline, LayerScanner Scanner, ExamplePicture Examples, IPngEncoder Png, IImageDecoder Decoder, DecodeSlots Slots, DatasetStore Datasets, DataFolders Folders);

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
            ["statistics"] = $"/visualize/{layer.Name}/statistics{query}",
            ["examples"] = $"/visualize/{layer.Name}/{{filter}}{query}&kind=examples",
        };
        if (layer.Type == "conv2d")
        {
            links["weights"] = $"/visualize/{layer.Name}{query}&kind=weights";
        }

        return new(layer.Name, layer.Type, layer.Filters, layer.MapSize, links);
    }
}

/// <summary>The figures of feature maps.</summary>
/// <param name="SilentFilters">Filters whose map is one value all over.</param>
internal sealed record MapFigures(IReadOnlyList<int> SilentFilters);
