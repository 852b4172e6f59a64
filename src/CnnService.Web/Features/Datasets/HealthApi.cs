using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Interpretation.Labels;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/health: what is wrong with a data set, before it is trained on.</summary>
internal static class HealthApi
{
    private const string Description =
        "Equal files and copies that were scaled, recompressed or cropped, within and across splits and classes; blank, tiny and odd "
        + "images; the balance of the classes; with `model`, labels that a network speaks against, ranked by confident learning.";

    public static void MapDatasetHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/datasets/{name}/health", GetAsync)
        .WithName("GetDatasetHealth").WithTags("Data sets").WithSummary("Duplicates, leaks, faulty images and doubtful labels")
        .WithDescription(Description).AllowHead().ValidateParameters()
        .Produces<HealthResource>(200).ProducesFigureToo().Produces<RenderingPending>(202).Produces(304)
        .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409, 422, 503, 504);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] HealthServices services, [AsParameters] HealthQuery query,
        [AsParameters] FigureQuery figure, string name)
    {
        var manifest = await DatasetImages.ManifestAsync(services.Datasets, services.Folders, name, http.RequestAborted);
        return await manifest.BindAsync(found => JudgeAsync(services, query, found))
            .ToIResultAsync(judge => query.IsSheet
                ? SheetAsync(http, services, (query, figure.Style(query.IsSvg)), manifest.Value, judge.Plan)
                : ReportAsync(http, services, query, manifest.Value, judge.Plan));
    }

    /// <summary>The check of the labels that the query asks for, if any.</summary>
    private static async Task<Outcome<Judge>> JudgeAsync(
        HealthServices services, HealthQuery query, DatasetManifest manifest)
    {
        if (query.Model is not { } name)
        {
            return new Judge(null);
        }

        var model = await services.Registry.ResolveAsync(name);
        return model
            .Bind(found => LabelCheckPlan.Create(found, services.Folders.Dataset(manifest.Name), manifest, query.Evidence?.Value))
            .Map(plan => new Judge(plan));
    }

    private static Task<IResult> ReportAsync(
        HttpContext http, HealthServices services, HealthQuery query, DatasetManifest manifest, LabelCheckPlan? judge) =>
        services.Renderings.AnswerAsync(
            http,
            new(HealthReports.Key(manifest, judge), query.Patience, IsImage: false),
            () => Renderings.Known(services.Reports.Find(manifest, judge)),
            cancel => services.Reports.GetOrCreateAsync(manifest, judge, cancel),
            health => TypedResults.Ok(HealthResource.From(health, query.Entries, SheetAddress(http))));

    private static Task<IResult> SheetAsync(
        HttpContext http, HealthServices services, (HealthQuery Query, FigureStyle Style) asked, DatasetManifest manifest,
        LabelCheckPlan? judge)
    {
        var (query, style) = asked;
        var tag = $"{HealthReports.Key(manifest, judge)}-{query.Entries.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        return services.Renderings.AnswerAsync(
            http,
            new(style.Tag(tag), query.Patience, IsImage: true),
            () => null,
            cancel => services.Reports.GetOrCreateAsync(manifest, judge, cancel)
                .BindAsync(health => DrawAsync(services, query, health, tag, cancel)),
            drawn => FigureResult.File(http, services.Files, drawn, style));
    }

    private static async Task<Outcome<DrawnFigure>> DrawAsync(
        HealthServices services, HealthQuery query, DatasetHealth health, string tag, CancellationToken cancel)
    {
        var tiles = HealthSheet.Choose(health, query.Entries);
        if (tiles.Count == 0)
        {
            return Problem.NotFound("health.nothing-found",
                $"Nothing is wrong with the images of '{health.Dataset}': there is none to show.");
        }

        var files = await DatasetImages.FilesAsync(
            services.Datasets, services.Folders, health.Dataset, [.. tiles.Select(tile => tile.Image.Id)], cancel);
        return await services.Slots.RunAsync(
            () =>
            {
                PixelBuffer?[] images = [.. files.Select(file => TileImages.Decode(services.Decoder, file, HealthSheet.Side))];
                return new DrawnFigure(HealthSheet.Create(health, tiles, images), [], tag);
            },
            cancel);
    }

    private static string SheetAddress(HttpContext http)
    {
        var query = http.Request.Query.Where(one => !one.Key.Equals("format", StringComparison.OrdinalIgnoreCase)
            && !one.Key.Equals("count", StringComparison.OrdinalIgnoreCase));
        return http.Request.Path + QueryString.Create(query).Add("format", "png");
    }

    /// <param name="Plan">Null where the labels are not judged.</param>
    private sealed record Judge(LabelCheckPlan? Plan);
}

/// <summary>The services needed for health reports.</summary>
internal sealed record HealthServices(
    DatasetStore Datasets, DataFolders Folders, ModelRegistry Registry, HealthReports Reports, Renderings Renderings,
    IImageDecoder Decoder, DecodeSlots Slots, FigureFiles Files);
