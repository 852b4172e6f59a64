using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Monitoring;

/// <summary>/models/{name}/capture and /captured: opt-in storage of images with their predictions.</summary>
internal static class CaptureApi
{
    private const long MinBytes = 1L << 20;
    private const long MaxBytes = 1L << 40;
    private const int MaxImages = 100_000;

    public static void MapCapture(this RouteGroupBuilder models)
    {
        models.MapPut("/{name}/capture", SetAsync).WithName("SetCapture")
            .WithSummary("Count a model's predictions and capture some of the images")
            .WithDescription(
                "Off by default. Every prediction of `POST /classify` is counted by class and confidence, for `GET "
                + "/models/{name}/drift`; a `share` of the images (default 0.01) is stored with its prediction, up to `maxImages` "
                + "(default 1000) and `maxBytes` (default 1 GiB).")
            .Accepts<CaptureRequest>("application/json").WithExample("""{ "share": 0.1, "maxImages": 1000, "maxBytes": 1073741824 }""")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 415);
        models.MapGet("/{name}/capture", GetAsync).WithName("GetCapture").WithSummary("The capture settings of a model")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapDelete("/{name}/capture", EndAsync).WithName("EndCapture").WithSummary(
            "Stop counting and capturing; captured images are kept")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
        models.MapGet("/{name}/captured", ListAsync).WithName("ListCaptured").WithSummary("List captured images with their predictions")
            .WithDescription(
                "`class` selects images by predicted class; `sort` is `newest` (default) or `uncertainty`, the most uncertain first.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404);
        models.MapGet("/{name}/captured/{id}", PredictionAsync).WithName("GetCaptured").WithSummary("The prediction for a captured image")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404);
        models.MapGet("/{name}/captured/{id}/image", ImageAsync).WithName("GetCapturedImage").AllowHead()
            .WithSummary("A captured image; `size` for a thumbnail")
            .Produces(200, contentType: "image/jpeg", additionalContentTypes: ["image/png", "image/webp"])
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 422);
        models.MapDelete("/{name}/captured/{id}", DeleteAsync).WithName("DeleteCaptured").WithSummary("Delete a captured image")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404);
        models.MapDelete("/{name}/captured", ClearAsync).WithName("ClearCaptured").WithSummary("Delete all captured images of a model")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static async Task<Results<Ok<CaptureResource>, ProblemResult>> SetAsync(
        HttpContext http, [AsParameters] CaptureServices services, string name)
    {
        var request = await JsonRequest.ReadAsync<CaptureRequest>(http.Request, http.RequestAborted, Check);
        return await request
            .CheckAsync(_ => MissingAsync(services.Models, name, http.RequestAborted))
            .BindAsync(wanted => KeepAsync(services, name, wanted, http.RequestAborted))
            .ToResultAsync(row => TypedResults.Ok(CaptureResource.From(row)));
    }

    private static async Task<Outcome<CaptureRow>> KeepAsync(
        CaptureServices services, string name, CaptureRequest wanted, CancellationToken cancel)
    {
        await services.Store.SetAsync(
            new() { Model = name, Share = wanted.Share, MaxImages = wanted.MaxImages, MaxBytes = wanted.MaxBytes }, cancel);
        await services.Settings.RefreshAsync();
        // To the end: whoever deletes the rows has to delete their files.
        var gone = await services.Store.TrimAsync(name, wanted.MaxImages, wanted.MaxBytes, CancellationToken.None);
        services.Traffic.DeleteFiles(name, gone);
        return await FindAsync(services, name, cancel);
    }

    private static Task<Results<Ok<CaptureResource>, ProblemResult>> GetAsync(
        [AsParameters] CaptureServices services, string name, CancellationToken cancel) =>
        FindAsync(services, name, cancel).ToResultAsync(row => TypedResults.Ok(CaptureResource.From(row)));

    private static async Task<Outcome<CaptureRow>> FindAsync(CaptureServices services, string name, CancellationToken cancel)
    {
        await services.Traffic.FlushAsync();
        return await services.Store.FindAsync(name, cancel) is { } row ? row : NotFound(name);
    }

    private static async Task<Results<NoContent, ProblemResult>> EndAsync(
        [AsParameters] CaptureServices services, string name, CancellationToken cancel)
    {
        await services.Traffic.FlushAsync();
        if (!await services.Store.EndAsync(name, cancel))
        {
            return NotFound(name).ToResult();
        }

        await services.Settings.RefreshAsync();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Page<CapturedResource>>, ProblemResult>> ListAsync(
        [AsParameters] CaptureServices services, string name, string? @class, string? sort, int? limit, string? after,
        CancellationToken cancel)
    {
        var pageSize = Paging.Limit(limit);
        var last = after is null ? null : await services.Store.ImageAsync(name, after, cancel);
        var errors = new ValidationErrors();
        errors.Require(sort is null or "newest" or "uncertainty", "sort", $"must be newest or uncertainty, received \"{sort}\"");
        errors.Require(after is null == last is null, "after", "must be the `next` of a page before; its image may be deleted meanwhile");
        return await pageSize
            .Check(_ => errors.Any ? Problem.Validation(errors) : null)
            .CheckAsync(_ => MissingAsync(services.Models, name, cancel))
            .ToResultAsync(async wanted => TypedResults.Ok(Paging.Create(
                await services.Store.ImagesAsync(name, @class, sort == "uncertainty", wanted + 1, last, cancel), wanted,
                CapturedResource.From, row => row.Id)));
    }

    private static async Task<Results<Ok<CapturedResource>, ProblemResult>> PredictionAsync(
        [AsParameters] CaptureServices services, string name, string id, CancellationToken cancel) =>
        await services.Store.ImageAsync(name, id, cancel) is { } row
            ? TypedResults.Ok(CapturedResource.From(row))
            : NoImage(name, id).ToResult();

    private static Task<IResult> ImageAsync(
        HttpContext http, [AsParameters] CaptureServices services, IThumbnailer thumbnailer, string name, string id, int? size) =>
        StoredImageResult.AnswerAsync(http, thumbnailer, size, () =>
            FileAsync(services.Store, services.Folders, name, id, http.RequestAborted)
                .MapAsync(found => (found.Row.MediaType, found.File)));

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        [AsParameters] CaptureServices services, string name, string id, CancellationToken cancel) =>
        await RemoveAsync(services, name, id, cancel) > 0 ? TypedResults.NoContent() : NoImage(name, id).ToResult();

    private static async Task<Results<NoContent, ProblemResult>> ClearAsync(
        [AsParameters] CaptureServices services, string name, CancellationToken cancel) =>
        await RemoveAsync(services, name, null, cancel) > 0
            ? TypedResults.NoContent()
            : Problem.NotFound("captured.not-found", $"The model '{name}' has no captured images.").ToResult();

    private static async Task<int> RemoveAsync(CaptureServices services, string name, string? id, CancellationToken cancel)
    {
        var gone = await services.Store.RemoveAsync(name, id, cancel);
        services.Traffic.DeleteFiles(name, gone);
        return gone.Count;
    }

    /// <summary>A captured image and its file. Problems: <c>captured.not-found</c>, <c>image.missing</c>.</summary>
    public static async Task<Outcome<(CapturedRow Row, byte[] File)>> FileAsync(
        CaptureStore store, DataFolders folders, string name, string id, CancellationToken cancel)
    {
        if (await store.ImageAsync(name, id, cancel) is not { } row)
        {
            return NoImage(name, id);
        }

        var path = Path.Combine(folders.CapturedOf(row.Model), row.Id);
        return File.Exists(path)
            ? (row, await Task.Run(() => RegularFile.ReadAllBytes(path), cancel))
            : Problem.NotFound("image.missing", $"The file of image '{id}' is missing.");
    }

    private static void Check(CaptureRequest request, ValidationErrors errors)
    {
        errors.Require(request.Share is >= 0 and <= 1, "share", $"must be between 0 and 1, received {request.Share}");
        errors.Require(request.MaxImages is >= 1 and <= MaxImages, "maxImages",
            $"must be between 1 and {MaxImages}, received {request.MaxImages}");
        errors.Require(request.MaxBytes is >= MinBytes and <= MaxBytes, "maxBytes",
            $"must be between {MinBytes} and {MaxBytes}, received {request.MaxBytes}");
    }

    public static async Task<Problem?> MissingAsync(ModelStore models, string name, CancellationToken cancel) =>
        (await models.VersionsAsync(name, cancel)).Count > 0
            ? null
            : ModelStore.NotFound(name);

    private static Problem NotFound(string name) =>
        Problem.NotFound("capture.not-found", $"The model '{name}' is not captured: PUT /models/{name}/capture starts it.");

    private static Problem NoImage(string name, string id) =>
        Problem.NotFound("captured.not-found", $"The model '{name}' has no captured image '{id}'.");
}

/// <summary>The services needed for captured images.</summary>
internal sealed record CaptureServices(
    CaptureStore Store, CaptureTraffic Traffic, MonitoringSettings Settings, ModelStore Models, DataFolders Folders);
