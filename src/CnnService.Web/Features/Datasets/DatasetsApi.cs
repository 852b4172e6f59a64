using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Datasets;

/// <summary>/datasets: images to train on.</summary>
internal static class DatasetsApi
{
    private const string Operation = "datasets";

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/datasets").WithTags("Data sets");
        datasets.MapPost("/", CreateAsync).WithName("CreateDataset").WithSummary("Import a data set")
            .WithDescription(
                "As `multipart/form-data` with `name`, `file` (zip, tar, tar.gz of `<class>/…` or `<split>/<class>/…`, or MNIST's IDX "
                + "files) and optional "
                + "`validationFraction`; or as JSON with a `path` under a configured import root, or with `sample`: `shapes`. The import "
                + "goes on in the background.")
            .Accepts<DatasetRequest>("application/json", "multipart/form-data")
            .WithForm(("name", FormFieldKind.Text), ("file", FormFieldKind.File), ("validationFraction", FormFieldKind.Number))
            .WithExample("""{ "name": "shapes", "sample": "shapes" }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 403, 409, 413, 415, 422, 503, 507);
        datasets.MapGet("/", ListAsync).WithName("ListDatasets").WithSummary("List data sets by name").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        datasets.MapGet("/{name}", GetAsync).WithName("GetDataset").WithSummary("Status, classes, what was rejected and why")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        datasets.MapGet("/{name}/images", ImagesAsync).WithName("ListDatasetImages").WithSummary("Browse the images")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
        datasets.MapPost("/{name}/images", DatasetAdditions.AddAsync).WithName("AddDatasetImages").WithSummary("Add images to a data set")
            .WithDescription(
                "`split` (`train`, `validation` or `test`; default `train`), `class` (a new one too) and `files`. Images that do not "
                + "decode are listed under `rejected`. "
                + "The data set's digest and statistics become those of all its images; while a run, sweep or classification reads it, "
                + "it is left alone (409).")
            .Accepts<IFormFile>("multipart/form-data")
            .WithForm(("split", FormFieldKind.Text), ("class", FormFieldKind.Text), ("files", FormFieldKind.Files))
            .Produces<DatasetAdditionResource>(200).RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 413, 415, 422, 507);
        datasets.MapGet("/{name}/images/{id}", DatasetImages.GetAsync).WithName("GetDatasetImage").AllowHead()
            .WithSummary("One image, or its thumbnail")
            .WithDescription("`size` (16 to 1024) gives a JPEG that fits a square of that side; without it the image as it was imported.")
            .Produces(200, contentType: "image/jpeg").RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
        datasets.MapGet("/{name}/preview.png", DatasetPreview.GetAsync).WithName("PreviewAugmentation").AllowHead()
            .WithSummary("A training image and its augmented copies")
            .WithDescription(
                "A labelled grid: the image as it is, then as training with this seed sees it in its first epochs, pixel for pixel. The "
                + "same request gives the same bytes.")
            .Produces(200, contentType: "image/png").Produces(304).RequireAuthorization(Scopes.Read)
            .ProducesProblems(400, 404, 409, 422, 503);
        datasets.MapDelete("/{name}", DeleteAsync).WithName("DeleteDataset").WithSummary("Delete a data set")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static async Task<Results<Accepted<DatasetResource>, ProblemResult>> CreateAsync(
        HttpContext http, [AsParameters] DatasetServices parts)
    {
        http.AllowBody(limits => limits.DatasetBytes);
        var import = http.Request.HasFormContentType
            ? await UploadAsync(http, parts)
            : await ReadJsonAsync(http, parts);
        return await import.BindAsync(wanted => StartAsync(http, wanted, parts))
            .ToResultAsync(row => TypedResults.Accepted($"/datasets/{row.Name}", DatasetResource.From(row, null)));
    }

    private static async Task<Outcome<DatasetImport>> UploadAsync(HttpContext http, DatasetServices parts)
    {
        if (!await parts.Slots.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            return new Problem(ProblemKind.Unavailable, "upload.busy",
                "Several archives are being uploaded already.")
            { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        try
        {
            return await new DatasetUpload(parts.Folders).ReadAsync(http.Request, http.RequestAborted);
        }
        finally
        {
            parts.Slots.Release();
        }
    }

    private static async Task<Outcome<DatasetImport>> ReadJsonAsync(HttpContext http, DatasetServices parts)
    {
        var request = await JsonRequest.ReadAsync<DatasetRequest>(http.Request, http.RequestAborted);
        var import = request.Bind(read => read.ToImport(parts.Roots.Value));
        return import.Succeeded && DiskSpaceCheck.Check(parts.Folders) is { } full ? full : import;
    }

    /// <summary>An archive that is refused is not kept.</summary>
    private static async Task<Outcome<DatasetRow>> StartAsync(HttpContext http, DatasetImport import, DatasetServices parts)
    {
        var created = await StartOnceAsync(http, import, parts);
        if (!created.Succeeded && import.Origin == DatasetOrigin.Archive)
        {
            File.Delete(import.Source);
        }

        return created;
    }

    /// <summary>One answer a key; an archive's content is not part of the key's body, its name and options are.</summary>
    private static async Task<Outcome<DatasetRow>> StartOnceAsync(HttpContext http, DatasetImport import, DatasetServices parts)
    {
        var key = http.Request.Headers[IdempotencyStore.Header].ToString();
        if (key.Length > 0)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(
                import with { Source = import.Origin == DatasetOrigin.Archive ? string.Empty : import.Source }, CoreJson.Options);
            var known = await parts.Keys.TakeAsync(Operation, key, body, import.Name);
            if (known.Problem is { } mismatch)
            {
                return mismatch;
            }

            if (known.Value is { } earlier && await parts.Datasets.FindAsync(earlier) is { } row)
            {
                return row;
            }
        }

        var created = await parts.Datasets.CreateAsync(import);
        if (created.Succeeded)
        {
            parts.Queue.Enqueue<ImportWork>(import.Name);
        }
        else if (key.Length > 0)
        {
            await parts.Keys.ReleaseAsync(Operation, key);
        }

        return created;
    }

    private static Task<Results<Ok<Page<DatasetResource>>, ProblemResult>> ListAsync(
        DatasetStore datasets, DataFolders folders, int? limit, string? after) =>
        Paging.Limit(limit, after, ResourceName.IsValid).ToResultAsync(async most => TypedResults.Ok(Paging.Create(
            await datasets.ListAsync(most + 1, after), most, row => DatasetResource.From(row, Manifest(row, folders)), row => row.Name)));

    private static async Task<Results<Ok<DatasetResource>, ProblemResult>> GetAsync(
        DatasetStore datasets, DataFolders folders, string name) =>
        await datasets.FindAsync(name) is { } row
            ? TypedResults.Ok(DatasetResource.From(row, Manifest(row, folders)))
            : NotFound(name).ToResult();

    private static async Task<Results<Ok<Page<ImageResource>>, ProblemResult>> ImagesAsync(
        DatasetStore datasets, DataFolders folders, string name, string? split, string? @class, int? limit, string? after)
    {
        var errors = new ValidationErrors();
        var part = errors.ReadName<Split>(split, "split");
        return errors.Any
            ? Problem.Validation(errors).ToResult()
            : await Paging.Limit(limit)
                .BindAsync(_ => DatasetImages.ManifestAsync(datasets, folders, name))
                .BindAsync(manifest => PageOf(manifest, part, @class, limit, after))
                .ToResultAsync(page => TypedResults.Ok(page));
    }

    private static Outcome<Page<ImageResource>> PageOf(
        DatasetManifest manifest, Split? split, string? className, int? limit, string? after)
    {
        var classes = manifest.Classes;
        if (className is not null && !classes.Contains(className))
        {
            return Problem.Invalid("request.invalid", $"class must be one of {string.Join(", ", classes)}, received '{className}'.");
        }

        var wanted = manifest.Images
            .Where(image => (split is null || image.Split == split) && (className is null || classes[image.Label] == className))
            .SkipWhile(image => after is not null && image.Id != after).ToList();
        return Paging.Limit(limit, after, _ => wanted.Count > 0).Map(most => Paging.Create(
            [.. wanted.Skip(after is null ? 0 : 1).Take(most + 1)], most, image => ImageResource.From(manifest, image), image => image.Id));
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(DatasetStore datasets, DataFolders folders, string name) =>
        datasets.DeleteAsync(name).ToResultAsync(_ =>
        {
            if (Directory.Exists(folders.Dataset(name)))
            {
                Directory.Delete(folders.Dataset(name), recursive: true);
            }

            return TypedResults.NoContent();
        });

    private static DatasetManifest? Manifest(DatasetRow row, DataFolders folders) =>
        row.Status == DatasetStatus.Ready && DatasetFolder.ReadManifest(folders.Dataset(row.Name)) is { Succeeded: true } manifest
        ? manifest.Value
        : null;

    private static Problem NotFound(string name) => Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.");
}

/// <summary>What creating a data set needs.</summary>
internal sealed record DatasetServices(
    DatasetStore Datasets, IdempotencyStore Keys, WorkQueue Queue, DataFolders Folders, UploadSlots Slots,
    IOptions<ImportRootOptions> Roots);
