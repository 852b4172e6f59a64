using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Watch;

/// <summary>/models/{name}/capture and /captured: predictions that are kept, where somebody asked for it.</summary>
internal static class CaptureApi
{
    private const long MinBytes = 1L << 20;
    private const long MaxBytes = 1L << 40;
    private const int MaxImages = 100_000;

    public static void MapCapture(this RouteGroupBuilder models)
    {
        models.MapPut("/{name}/capture", SetAsync).WithName("SetCapture")
            .WithSummary("Count a model's predictions, and keep some of the images")
            .WithDescription(
                "Off unless it is asked for. Every prediction of `POST /classify` is counted by class and confidence, for `GET "
                + "/models/{name}/drift`; a `share` of the images "
                + "(0 to 1, default 0.01; the content decides which, so that the same image is always kept or never) is kept with its "
                + "prediction, up to `maxImages` (default 1000) and `maxBytes` (default 1 GiB); the oldest go first.")
            .Accepts<CaptureRequest>("application/json").WithExample("""{ "share": 0.1, "maxImages": 1000, "maxBytes": 1073741824 }""")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 415);
        models.MapGet("/{name}/capture", GetAsync).WithName("GetCapture").WithSummary("How much of a model's predictions is kept")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapDelete("/{name}/capture", EndAsync).WithName("EndCapture").WithSummary("Stop counting and keeping; what was kept stays")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
        models.MapGet("/{name}/captured", ListAsync).WithName("ListCaptured").WithSummary("Images that were kept with their predictions")
            .WithDescription(
                "`class` limits them to those that the model called so; `sort` is `newest` (default) or `uncertainty`, the most "
                + "undecided first: those are worth a label most.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404);
        models.MapGet("/{name}/captured/{id}", PredictionAsync).WithName("GetCaptured").WithSummary("A kept image's prediction")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404);
        models.MapGet("/{name}/captured/{id}/image", ImageAsync).WithName("GetCapturedImage").AllowHead()
            .WithSummary("A kept image; `size` for a thumbnail")
            .Produces(200, contentType: "image/jpeg", additionalContentTypes: ["image/png", "image/webp"])
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 422);
        models.MapDelete("/{name}/captured/{id}", DeleteAsync).WithName("DeleteCaptured").WithSummary("Delete a kept image")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404);
        models.MapDelete("/{name}/captured", ClearAsync).WithName("ClearCaptured").WithSummary("Delete all kept images of a model")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static async Task<Results<Ok<CaptureResource>, ProblemResult>> SetAsync(
        HttpContext http, [AsParameters] CaptureServices parts, string name)
    {
        var request = await JsonRequest.ReadAsync<CaptureRequest>(http.Request, http.RequestAborted, Check);
        return await request
            .CheckAsync(_ => MissingAsync(parts.Models, name))
            .BindAsync(wanted => KeepAsync(parts, name, wanted))
            .ToResultAsync(row => TypedResults.Ok(CaptureResource.From(row)));
    }

    private static async Task<Outcome<CaptureRow>> KeepAsync(CaptureServices parts, string name, CaptureRequest wanted)
    {
        await parts.Store.SetAsync(
            new() { Model = name, Share = wanted.Share, MaxImages = wanted.MaxImages, MaxBytes = wanted.MaxBytes });
        await parts.Settings.RefreshAsync();
        parts.Traffic.DeleteFiles(name, await parts.Store.TrimAsync(name, wanted.MaxImages, wanted.MaxBytes));
        return await FindAsync(parts, name);
    }

    private static Task<Results<Ok<CaptureResource>, ProblemResult>> GetAsync([AsParameters] CaptureServices parts, string name) =>
        FindAsync(parts, name).ToResultAsync(row => TypedResults.Ok(CaptureResource.From(row)));

    private static async Task<Outcome<CaptureRow>> FindAsync(CaptureServices parts, string name)
    {
        await parts.Traffic.FlushAsync();
        return await parts.Store.FindAsync(name) is { } row ? row : NotFound(name);
    }

    private static async Task<Results<NoContent, ProblemResult>> EndAsync([AsParameters] CaptureServices parts, string name)
    {
        await parts.Traffic.FlushAsync();
        if (!await parts.Store.EndAsync(name))
        {
            return NotFound(name).ToResult();
        }

        await parts.Settings.RefreshAsync();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Page<CapturedResource>>, ProblemResult>> ListAsync(
        [AsParameters] CaptureServices parts, string name, string? @class, string? sort, int? limit, string? after)
    {
        var most = Paging.Limit(limit);
        var last = after is null ? null : await parts.Store.ImageAsync(name, after);
        var errors = new ValidationErrors();
        errors.Require(sort is null or "newest" or "uncertainty", "sort", $"must be newest or uncertainty, received \"{sort}\"");
        errors.Require(after is null == last is null, "after", "must be the `next` of a page before; its image may be deleted meanwhile");
        return await most
            .Check(_ => errors.Any ? Problem.Validation(errors) : null)
            .CheckAsync(_ => MissingAsync(parts.Models, name))
            .ToResultAsync(async wanted => TypedResults.Ok(Paging.Create(
                await parts.Store.ImagesAsync(name, @class, sort == "uncertainty", wanted + 1, last), wanted, CapturedResource.From,
                row => row.Id)));
    }

    private static async Task<Results<Ok<CapturedResource>, ProblemResult>> PredictionAsync(
        [AsParameters] CaptureServices parts, string name, string id) =>
        await parts.Store.ImageAsync(name, id) is { } row ? TypedResults.Ok(CapturedResource.From(row)) : NoImage(name, id).ToResult();

    private static async Task<IResult> ImageAsync(
        HttpContext http, [AsParameters] CaptureServices parts, IThumbnailer thumbnailer, string name, string id, int? size)
    {
        if (size is < 16 or > 1024)
        {
            return Problem.Invalid("request.invalid", $"size must be between 16 and 1024, received {size}.").ToResult();
        }

        var file = await FileAsync(parts.Store, parts.Folders, name, id);
        var image = file.Bind(found => size is null ? (Outcome<byte[]>)found.File : thumbnailer.Create(found.File, size.Value));
        http.Response.Headers.ContentDisposition = "inline; filename=\"image\"";
        return image.ToIResult(
            content => TypedResults.File(content, size is null ? file.Value.Row.MediaType : "image/jpeg"));
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        [AsParameters] CaptureServices parts, string name, string id) =>
        await RemoveAsync(parts, name, id) > 0 ? TypedResults.NoContent() : NoImage(name, id).ToResult();

    private static async Task<Results<NoContent, ProblemResult>> ClearAsync([AsParameters] CaptureServices parts, string name) =>
        await RemoveAsync(parts, name, null) > 0
            ? TypedResults.NoContent()
            : Problem.NotFound("captured.not-found", $"No image of model '{name}' is kept.").ToResult();

    private static async Task<int> RemoveAsync(CaptureServices parts, string name, string? id)
    {
        var gone = await parts.Store.RemoveAsync(name, id);
        parts.Traffic.DeleteFiles(name, gone);
        return gone.Count;
    }

    /// <summary>A kept image and its file. Problem codes: <c>captured.not-found</c>, <c>image.missing</c>.</summary>
    public static async Task<Outcome<(CapturedRow Row, byte[] File)>> FileAsync(
        CaptureStore store, DataFolders folders, string name, string id)
    {
        if (await store.ImageAsync(name, id) is not { } row)
        {
            return NoImage(name, id);
        }

        var path = Path.Combine(folders.CapturedOf(row.Model), row.Id);
        return File.Exists(path)
            ? (row, await File.ReadAllBytesAsync(path))
            : Problem.NotFound("image.missing", $"The file of image '{id}' is gone.");
    }

    private static void Check(CaptureRequest request, ValidationErrors errors)
    {
        errors.Require(request.Share is >= 0 and <= 1, "share", $"must be between 0 and 1, received {request.Share}");
        errors.Require(request.MaxImages is >= 1 and <= MaxImages, "maxImages",
            $"must be between 1 and {MaxImages}, received {request.MaxImages}");
        errors.Require(request.MaxBytes is >= MinBytes and <= MaxBytes, "maxBytes",
            $"must be between {MinBytes} and {MaxBytes}, received {request.MaxBytes}");
    }

    public static async Task<Problem?> MissingAsync(ModelStore models, string name) =>
        (await models.VersionsAsync(name)).Count > 0 ? null : Problem.NotFound("model.not-found", $"There is no model '{name}'.");

    private static Problem NotFound(string name) =>
        Problem.NotFound("capture.not-found", $"Nothing is kept of model '{name}': PUT /models/{name}/capture begins it.");

    private static Problem NoImage(string name, string id) =>
        Problem.NotFound("captured.not-found", $"No image '{id}' of model '{name}' is kept.");
}

/// <summary>What kept predictions need.</summary>
internal sealed record CaptureServices(
    CaptureStore Store, CaptureTraffic Traffic, MonitoringSettings Settings, ModelStore Models, DataFolders Folders);
