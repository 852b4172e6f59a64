using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Compare;

/// <summary>POST /models/compare and /comparisons: two versions evaluated on the same images.</summary>
internal static class CompareApi
{
    private const int DefaultTiles = 16;
    private const int MaxTiles = 48;
    private const int MaxWait = 60;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static void MapCompare(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models/compare", StartAsync).WithName("CompareVersions").WithTags("Comparisons")
            .WithSummary("Compare two versions on a data set")
            .WithDescription(
                "Accuracy, confusion matrix and metrics per class; how often both versions are right, only one, or neither, and whether "
                + "the difference is statistically significant (McNemar's exact test). "
                + "Responds 202 and continues in the background or, with `wait`, 200 if it has "
                + "finished by then.")
            .Accepts<CompareRequest>("application/json")
            .WithExample("""{ "a": "shapes:1", "b": "shapes:2", "dataset": "shapes", "split": "validation" }""")
            .Produces<ComparisonResource>(200).RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 415, 422, 503, 507);
        var comparisons = routes.MapGroup("/comparisons").WithTags("Comparisons");
        comparisons.MapGet("/", ListAsync).WithName("ListComparisons").WithSummary("List comparisons, newest first")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400);
        comparisons.MapGet("/{id}", GetAsync).WithName("GetComparison").WithSummary("Progress and result of a comparison")
            .WithDescription(
                "`format=png` or `svg` returns a sheet of the most confident disagreements, `count` of them, with "
                + "the true class and both predictions.")
            .Produces<ComparisonResource>(200).ProducesFigureToo().ValidateParameters().RequireAuthorization(Scopes.Read)
            .ProducesProblems(400, 404, 409);
        comparisons.MapGet("/{id}/disagreements", DisagreementsAsync).WithName("ListDisagreements")
            .WithSummary("The images that two versions classify differently, the most confident first")
            .WithDescription(
                "At most 1000 are stored. `right` (`a`, `b`, `neither`) returns only those that the given version, or neither, "
                + "classifies correctly.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
        comparisons.MapGet("/{id}/confusion.png", ConfusionAsync).WithName("GetComparisonConfusion").AllowHead()
            .WithSummary("The confusion matrix of one of the two versions as an image")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
        comparisons.MapDelete("/{id}", DeleteAsync).WithName("DeleteComparison").WithSummary(
            "Delete a comparison; a running one is stopped")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404);
    }

    private static async Task<IResult> StartAsync(HttpContext http, [AsParameters] ComparisonStart start, int? wait)
    {
        if (wait is < 0 or > MaxWait)
        {
            return Problem.Invalid("request.invalid", $"wait must be between 0 and {MaxWait} seconds, received {wait}.").ToResult();
        }

        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        return await body.BindAsync(json => start.RunAsync(json, http.RequestAborted)).ToIResultAsync(async added =>
        {
            var row = await WaitAsync(start, added, TimeSpan.FromSeconds(wait ?? 0), http.RequestAborted);
            var resource = await ReadAsync(row, start.Registry, start.Folders);
            return row.Work.State.IsFinal()
                ? TypedResults.Ok(resource)
                : TypedResults.Accepted($"/comparisons/{row.Id}", resource);
        });
    }

    /// <summary>
    /// Waits for the comparison to end or for the timeout, and returns its row. Polls the row, as another process may carry out the work.
    /// </summary>
    private static async Task<ComparisonRow> WaitAsync(ComparisonStart start, ComparisonRow row, TimeSpan timeout, CancellationToken cancel)
    {
        var began = start.Clock.GetTimestamp();
        while (!row.Work.State.IsFinal() && start.Clock.GetElapsedTime(began) < timeout)
        {
            await Task.Delay(PollInterval, start.Clock, cancel);
            row = await start.Comparisons.FindAsync(row.Id, cancel) ?? row;
        }

        return row;
    }

    private static Task<Results<Ok<Page<ComparisonResource>>, ProblemResult>> ListAsync(
        ComparisonStore comparisons, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async pageSize => TypedResults.Ok(Paging.Create(
            await comparisons.ListAsync(pageSize + 1, after, cancel), pageSize, row => ComparisonResource.From(row, null, null, null),
            row => row.Id)));

    private static async Task<IResult> GetAsync(
        [AsParameters] ComparisonServices services, string id, string? format, int? count, [AsParameters] FigureQuery figure,
        CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        errors.Require(format is null or "json" or "png" or "svg", "format", $"must be json, png or svg, received \"{format}\"");
        errors.Require(count is null or (>= 1 and <= MaxTiles), "count", $"must be between 1 and {MaxTiles}, received {count}");
        return errors.Any ? Problem.Validation(errors).ToResult()
            : format is "png" or "svg" ? await SheetAsync(services, id, count ?? DefaultTiles, figure.Style(format == "svg"), cancel)
            : await services.Comparisons.FindAsync(id, cancel) is { } row
                ? TypedResults.Ok(await ReadAsync(row, services.Registry, services.Folders))
            : ComparisonStore.NotFound(id).ToResult();
    }

    private static Task<IResult> SheetAsync(
        ComparisonServices services, string id, int count, FigureStyle style, CancellationToken cancel) =>
        FinishedAsync(services, id, cancel)
            .CheckAsync(found => None(found.Result))
            .ToIResultAsync(found => SheetAsync(services, found, count, style, cancel));

    private static async Task<IResult> SheetAsync(
        ComparisonServices services, Finished found, int count, FigureStyle style, CancellationToken cancel)
    {
        var (row, result) = found;
        Disagreement[] shown = [.. result.Disagreements.Take(count)];
        var files = await DatasetImages.FilesAsync(
            services.Datasets, services.Folders, row.DatasetReference(), [.. shown.Select(one => one.Image)], cancel);
        var images = await services.Slots.RunAsync(
            () => files.Select(file => TileImages.Decode(services.Decoder, file, MistakeSheet.Side)).ToArray(), cancel);
        return FigureResult.File(
            services.Figures,
            DisagreementSheet.Create(
                $"{row.Dataset}: where two networks disagree", $"{row.ModelA}:{row.VersionA}", $"{row.ModelB}:{row.VersionB}",
                [.. result.A.Classes.Select(one => one.Name)], shown, images),
            style);
    }

    private static Task<Results<Ok<Page<DisagreementResource>>, ProblemResult>> DisagreementsAsync(
        [AsParameters] ComparisonServices services, string id, string? right, int? limit, int? after, CancellationToken cancel) =>
        Paging.Limit(limit)
            .BindAsync(pageSize => FinishedAsync(services, id, cancel)
                .CheckAsync(_ => right is null or "a" or "b" or "neither"
                    ? null
                    : Problem.Invalid("request.invalid", $"right must be a, b or neither, received '{right}'."))
                .MapAsync(found => PageOf(found, right, pageSize, after)))
            .ToResultAsync(page => TypedResults.Ok(page));

    private static Page<DisagreementResource> PageOf(Finished found, string? right, int limit, int? after)
    {
        var (row, result) = found;
        var all = result.Disagreements.Select(one => DisagreementResource.From(row.DatasetReference(), one)).Index()
            .Where(one => right is null || one.Item.Right == right);
        var rows = all.Where(one => after is null || one.Index > after).Take(limit + 1).ToList();
        return Paging.Create(
            rows, limit, one => one.Item, one => one.Index.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<IResult> ConfusionAsync(
        [AsParameters] ComparisonServices services, string id, string of, [AsParameters] PlotQuery plot, CancellationToken cancel)
    {
        var found = of is "a" or "b"
            ? await FinishedAsync(services, id, cancel)
            : Problem.Invalid("request.invalid", $"of must be a or b, received '{of}'.");
        var image = found.Bind(one =>
        {
            var (judged, name) = of == "a"
                ? (one.Result.A, $"{one.Row.ModelA}:{one.Row.VersionA}")
                : (one.Result.B, $"{one.Row.ModelB}:{one.Row.VersionB}");
            return judged.Confusion.Count > 0
                ? ConfusionPlot.Create(judged, $"{name} on {one.Row.Dataset}")
                : (Outcome<Figure>)Problem.NotFound("comparison.no-confusion",
                    $"A matrix is kept up to {NetworkEvaluation.MaxConfusion} classes; here are {judged.Classes.Count}.");
        });
        return image.ToIResult(drawn => FigureResult.File(services.Figures, drawn, plot.Style));
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        ComparisonStore comparisons, DataFolders folders, string id, CancellationToken cancel)
    {
        if (!await comparisons.DeleteAsync(id, cancel))
        {
            return ComparisonStore.NotFound(id).ToResult();
        }

        await folders.DeleteAsync(folders.Comparison(id), ObjectKeys.Comparison(id));

        return TypedResults.NoContent();
    }

    private static async Task<ComparisonResource> ReadAsync(ComparisonRow row, ModelRegistry registry, DataFolders folders)
    {
        var a = await registry.ResolveAsync(row.ModelA, row.VersionA);
        var b = await registry.ResolveAsync(row.ModelB, row.VersionB);
        await folders.Copies.EnsureAsync(folders.Comparison(row.Id), row.Files, isWanted: null, CancellationToken.None);
        var result = row.Work.State == WorkState.Succeeded ? ComparisonResult.Read(folders.Comparison(row.Id)) : null;
        return ComparisonResource.From(row, result, Found(a), Found(b));

        static LoadedModel? Found(Outcome<LoadedModel> model) => model.Succeeded ? model.Value : null;
    }

    private static async Task<Outcome<Finished>> FinishedAsync(ComparisonServices services, string id, CancellationToken cancel)
    {
        if (await services.Comparisons.FindAsync(id, cancel) is not { } row)
        {
            return ComparisonStore.NotFound(id);
        }

        await services.Folders.Copies.EnsureAsync(services.Folders.Comparison(id), row.Files, isWanted: null, cancel);
        return row.Work.State == WorkState.Succeeded && ComparisonResult.Read(services.Folders.Comparison(id)) is { } result
            ? new Finished(row, result)
            : Problem.Conflict("comparison.no-result", $"The comparison '{id}' has no result: it is {row.Work.State.ToWireName()}.");
    }

    private static Problem? None(ComparisonResult result) =>
        result.Disagreements.Count > 0 ? null : Problem.NotFound("comparison.no-disagreements", "Both versions call every image the same.");

    private sealed record Finished(ComparisonRow Row, ComparisonResult Result);
}

/// <summary>The services needed for reading a comparison.</summary>
internal sealed record ComparisonServices(
    ComparisonStore Comparisons, ModelRegistry Registry, DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder,
    DecodeSlots Slots, IFigureRenderer Figures);
