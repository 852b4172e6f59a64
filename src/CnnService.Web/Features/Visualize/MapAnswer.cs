using CnnService.Core.Common;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers with feature maps: what a network's layers make of a picture.</summary>
internal static class MapAnswer
{
    private const string Png = "image/png";
    private const string Npy = "application/x-npy";
    private const string Floats = "application/octet-stream";

    private static readonly string[] Pictures = ["image/jpeg", "image/png", "image/webp"];

    public static void MapFeatureMaps(this IEndpointRouteBuilder visualize)
    {
        const string form = "multipart/form-data";
        visualize.MapGet("/maps", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query) => SheetAsync(http, parts, query))
            .WithName("GetFeatureMapSheet").WithSummary("What a data set's picture becomes on its way through the network: the first maps of the first convolution at each size")
            .WithDescription("A row a layer, as in the article's figure. `format=json` gives how sparse each of these layers is for the picture: the share of cells that are exactly 0, and of maps that are one value all over.")
            .Produces<IReadOnlyList<LayerFigures>>(200).OrPicture(Png).ProducesProblems(400, 404, 422, 503);
        visualize.MapPost("/maps", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query) => SheetAsync(http, parts, query))
            .WithName("PostFeatureMapSheet").WithSummary("The same for a picture that is sent").Accepts<IFormFile>(form, Pictures).WithForm(("file", FormFieldKind.File))
            .Produces<IReadOnlyList<LayerFigures>>(200).OrPicture(Png).ProducesProblems(400, 404, 413, 415, 422, 503);
        visualize.MapPost("/{layer}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer) => PostAsync(http, parts, query, layer, null))
            .WithName("PostFeatureMaps").WithSummary("A grid of a layer's feature maps for a picture").Accepts<IFormFile>(form, Pictures).WithForm(("file", FormFieldKind.File))
            .WithDescription("`format=json` gives the maps in numbers with how sparse the layer is; `npy` and `f32` as float32, [filters,H,W]: 64 maps from `offset` on, or as many as `count` says.")
            .Produces<FeatureMapNumbers>(200).OrPicture(Png).ProducesProblems(400, 404, 413, 415, 422, 503);
        visualize.MapPost("/{layer}/{filter:int}", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer, int filter) => PostAsync(http, parts, query, layer, filter))
            .WithName("PostFeatureMap").WithSummary("A filter's feature map for a picture").Accepts<IFormFile>(form, Pictures).WithForm(("file", FormFieldKind.File))
            .Produces<FeatureMapNumbers>(200).OrPicture(Png).ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    /// <summary>The maps of a layer, or of one of its filters, for the picture that is sent or named.</summary>
    public static async Task<IResult> GiveAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, string layer, int? filter)
    {
        if (query.IsField && filter is not null)
        {
            return VisualizeApi.OfLayers(query);
        }

        var picture = await PictureAsync(http, parts, model, query);
        if (picture.Problem is { } unreadable)
        {
            return unreadable.ToResult();
        }

        if (query.IsField)
        {
            return await FieldAnswer.GiveAsync(http, parts, model, query, layer, picture.Value);
        }

        var (offset, count) = filter is { } one ? (one, (int?)null) : (query.First, query.Filters);
        return query.AsJson
            ? parts.Maps.Numbers(model, layer, offset, count, picture.Value, query.Maps).Match<IResult>(TypedResults.Ok, problem => problem.ToResult())
            : query.AsArray
            ? parts.Maps.File(model, layer, offset, count, picture.Value, query.Maps, query.Format == "npy")
                .Match<IResult>(file => TypedResults.File(file, query.Format == "npy" ? Npy : Floats), problem => problem.ToResult())
            : parts.Maps.Draw(model, layer, offset, count, picture.Value, query.Maps)
                .Match(rendered => PictureAnswer.File(http, rendered), problem => problem.ToResult());
    }

    private static async Task<IResult> PostAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, string layer, int? filter)
    {
        var model = (query.IsField ? null : query.RefuseKind("a posted picture is shown as feature maps, or with receptive-field")) ?? await ModelAsync(http, parts, query, query.Shows(hasPicture: true));
        return model.Problem is { } problem ? problem.ToResult() : await GiveAsync(http, parts, model.Value, query, layer, filter);
    }

    private static async Task<IResult> SheetAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query)
    {
        var model = !HttpMethods.IsPost(http.Request.Method) && query.Image is null
            ? Problem.Invalid("request.invalid", "Name a data set's picture with ?image=dataset/id, or post one.")
            : query.AsArray
            ? Problem.Invalid("request.invalid", "The maps of several layers are no one array: name a layer, /visualize/{layer}, for format=npy or f32.")
            : query.RefuseKind("/visualize/maps always shows feature maps") ?? await ModelAsync(http, parts, query, Shown.Maps);
        var picture = model.Problem is { } none ? none : await PictureAsync(http, parts, model.Value, query);
        return picture.Problem is { } problem ? problem.ToResult()
            : query.AsJson ? parts.Maps.Sparsity(model.Value, picture.Value, query.Maps).Match<IResult>(TypedResults.Ok, failure => failure.ToResult())
            : parts.Maps.Sheet(model.Value, picture.Value, query.Maps).Match(rendered => PictureAnswer.File(http, rendered), failure => failure.ToResult());
    }

    private static async Task<Outcome<LoadedModel>> ModelAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, Shown shown)
    {
        var model = (await parts.Registry.ResolveAsync(query.Model)).Bind(loaded => loaded.RequireLayers());
        return model.Succeeded && query.Check(http, shown) is { } wrong ? wrong : model;
    }

    private static Task<Outcome<PixelBuffer>> PictureAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query) =>
        ImageInput.PixelsAsync(http, query.Image, parts.Datasets, parts.Folders, parts.Slots, parts.Decoder, model.Network.Spec.Input);
}
