using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Api.Audit;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Datasets;

/// <summary>/datasets: the images that networks are trained on.</summary>
internal static class DatasetsApi
{
    private const string Layouts =
        "The labels are read from folders (`<class>/…` or `<split>/<class>/…`, below any number of wrapping folders), a table beside the "
        + "images (CSV or JSON Lines with `file_name`, `label` or `labels`, and optionally `split`), the names of the files "
        + "(`cat.1.jpg`), Parquet files of Hugging Face (`image.bytes`, `label`), CIFAR's binary files, MNIST's IDX files, exports of "
        + "Label Studio, COCO's annotations, or tars of WebDataset. What cannot be read in one way only is refused; `layout` decides. "
        + "Lists of `labels` (`[\"cat\",\"dog\"]`; in CSV `cat|dog`, or a column of 0 and 1 for each class) give each image any number of "
        + "labels (`task` `multiLabel`).";

    private static readonly (string Name, FormFieldKind Kind)[] Form =
    [
        ("name", FormFieldKind.Text), ("file", FormFieldKind.File), ("validationFraction", FormFieldKind.Number),
        (LayoutFields.LayoutName, FormFieldKind.Text), (LayoutFields.NamePatternName, FormFieldKind.Text),
        (LayoutFields.NameEncodingName, FormFieldKind.Text), (LayoutFields.MergeCaseName, FormFieldKind.Flag),
    ];

    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var datasets = routes.MapGroup("/datasets").WithTags("Data sets");
        datasets.MapPost("/", DatasetCreation.CreateAsync).WithName("CreateDataset").WithSummary("Import a data set from an archive")
            .WithDescription(Layouts)
            .Accepts<DatasetRequest>("application/json", "multipart/form-data").WithForm(Form)
            .AlsoTakes("JSON is described at `POST /datasets/from-server`.").TakesIdempotencyKey()
            .AllowBody(limits => limits.DatasetBytes).Produces<DatasetResource>(202)
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 403, 409, 413, 415, 422, 503, 507);
        datasets.MapPost("/from-server", DatasetCreation.CreateAsync).WithName("CreateDatasetFromServer")
            .WithSummary("Import a data set from an upload in pieces, a folder of the server, or the generated sample")
            .WithDescription(
                "One of the id of an `upload` of an archive (`POST /uploads`), a `path` under a configured import root, and the generated "
                + "`sample` `shapes`. The import runs in the background. The other fields are those of `POST /datasets`.")
            .Accepts<DatasetRequest>("application/json").WithExample("""{ "name": "shapes", "sample": "shapes" }""")
            .TakesIdempotencyKey().Produces<DatasetResource>(202)
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 403, 404, 409, 415, 422, 503, 507);
        datasets.MapPost("/inspect", DatasetCreation.InspectAsync).WithName("InspectDataset").WithMetadata(ChangesNothing.Instance)
            .WithSummary("Tell what an import would give, and import nothing")
            .WithDescription(
                "Layout, splits, classes with counts and five examples of each, notes, and rejected files."
                + " The same as "
                + "`POST /datasets` with `dryRun`, where the layouts are described.")
            .Accepts<DatasetRequest>("application/json", "multipart/form-data").WithForm(Form)
            .AlsoTakes("JSON is described at `POST /datasets/from-server`.").AllowBody(limits => limits.DatasetBytes)
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 403, 404, 409, 413, 415, 422, 503, 507);
        datasets.MapGet("/", ListAsync).WithName("ListDatasets").WithSummary("List data sets by name").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        datasets.MapGet("/{name}", GetAsync).WithName("GetDataset").WithSummary("Status, classes, and rejected files with the reasons")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        datasets.MapGet("/{name}/images", ImagesAsync).WithName("ListDatasetImages").WithSummary("List the images of a data set")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409);
        datasets.MapPost("/{name}/images", DatasetAdditions.AddAsync).WithName("AddDatasetImages").WithSummary("Add images to a data set")
            .WithDescription(
                "`split` (`train`, `validation` or `test`; default `train`), `class` (existing or new; repeated for several labels) "
                + "and `files`. Images that cannot be decoded are listed under `rejected`. The addition makes a further revision; what "
                + "was trained on an earlier one keeps it.")
            .Accepts<IFormFile>("multipart/form-data")
            .WithForm(("split", FormFieldKind.Text), ("class", FormFieldKind.Text), ("files", FormFieldKind.Files))
            .AllowBody(limits => limits.ImagesBytes)
            .Produces<DatasetAdditionResource>(200).RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 413, 415, 422, 507);
        datasets.MapGet("/{name}/images/{id}", ImageAsync).WithName("GetDatasetImage").AllowHead()
            .WithSummary("An image, or its thumbnail")
            .WithDescription(
                "`size` (16 to 1024) returns a JPEG that fits a square of that side in pixels; without it the image is returned as "
                + "imported.")
            .Produces(200, contentType: "image/jpeg").Produces(304).RequireAuthorization(Scopes.Read)
            .ProducesProblems(400, 404, 409, 415, 422);
        datasets.MapDatasetChanges();
        datasets.MapDatasetExport();
        datasets.MapGet("/{name}/preview.png", DatasetPreview.GetAsync).WithName("PreviewAugmentation").AllowHead()
            .WithSummary("A training image and its augmented copies")
            .WithDescription(
                "A labelled grid: the original image, then exactly the pixels that training with this seed receives in its first "
                + "epochs.")
            .ProducesFigure().ValidateParameters().Produces(304).RequireAuthorization(Scopes.Read)
            .ProducesProblems(400, 404, 409, 422, 503);
        datasets.MapDelete("/{name}", DeleteAsync).WithName("DeleteDataset").WithSummary("Delete a data set")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static Task<Results<Ok<Page<DatasetResource>>, ProblemResult>> ListAsync(
        DatasetStore datasets, DataFolders folders, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, ResourceName.IsValid).ToResultAsync(async pageSize =>
        {
            var rows = await datasets.ListAsync(pageSize + 1, after, cancel);
            foreach (var row in rows.Take(pageSize).Where(row => row.Status == DatasetStatus.Ready))
            {
                await folders.EnsureRevisionsAsync(row.Name, row.Files, cancel);
            }

            return TypedResults.Ok(Paging.Create(
                rows, pageSize, row => DatasetResource.From(row, Manifest(row, folders)), row => row.Name));
        });

    private static async Task<Results<Ok<DatasetResource>, ProblemResult>> GetAsync(
        DatasetStore datasets, DataFolders folders, string name, CancellationToken cancel)
    {
        if (DatasetReference.Parse(name) is not { } named || await datasets.FindAsync(named.Name, cancel) is not { } row)
        {
            return (await datasets.NotFoundAsync(name, cancel)).ToResult();
        }

        if (row.Status == DatasetStatus.Ready)
        {
            await folders.EnsureRevisionsAsync(row.Name, row.Files, cancel);
        }

        return named.Revision is null || row.Status != DatasetStatus.Ready
            ? TypedResults.Ok(DatasetResource.From(row, Manifest(row, folders)))
            : DatasetFolder.ReadManifest(folders.Dataset(named.Name), named.Revision)
                .ToResult(manifest => TypedResults.Ok(DatasetResource.From(row, manifest)));
    }

    private static async Task<Results<Ok<Page<ImageResource>>, ProblemResult>> ImagesAsync(
        DatasetStore datasets, DataFolders folders, string name, string? split, string? @class, int? limit, string? after,
        CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var part = errors.ReadName<Split>(split, "split");
        return errors.Any
            ? Problem.Validation(errors).ToResult()
            : await Paging.Limit(limit, after, cursor => ImageCursor.Parse(cursor) is not null)
                .BindAsync(_ => DatasetImages.DescriptionAsync(datasets, folders, ImageCursor.Dataset(name, after), cancel))
                .BindAsync(manifest => PageOf(manifest, part, @class, limit ?? Paging.DefaultLimit, after))
                .ToResultAsync(page => TypedResults.Ok(page));
    }

    private static Task<IResult> ImageAsync(
        HttpContext http, [AsParameters] DatasetImageServices services, string name, string id, int? size) =>
        DatasetImageResult.AnswerAsync(http, services, name, id, size);

    private static Outcome<Page<ImageResource>> PageOf(
        DatasetManifest manifest, Split? split, string? className, int limit, string? after)
    {
        int? label = className is null ? null : manifest.Classes.Index().Where(entry => entry.Item == className)
            .Select(entry => entry.Index).DefaultIfEmpty(-1).First();
        if (label < 0)
        {
            return Problem.Invalid("request.invalid",
                $"class must be one of {string.Join(", ", manifest.Classes)}, received '{className}'.");
        }

        var start = ImageCursor.Parse(after)?.Position ?? 0;
        var images = manifest.Page(split, label, start, limit + 1);
        return new Page<ImageResource>(
            [.. images.Take(limit).Select(image => ImageResource.From(manifest, image))],
            images.Count > limit ? new ImageCursor(manifest.Revision.Number, start + limit).ToString() : null);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        DatasetStore datasets, DataFolders folders, TimeProvider clock, string name, CancellationToken cancel)
    {
        var files = (await datasets.FindAsync(name, cancel))?.Files;
        return await datasets.DeleteAsync(name, cancel).ToResultAsync(async _ =>
        {
            var folder = folders.Dataset(name);
            await folders.Copies.ForgetAsync(folder, files, CancellationToken.None);
            if (Directory.Exists(folder))
            {
                // A change that is under way ends first; the next one finds nothing.
                var turn = await DatasetLock.TakeAsync(folder, clock, CancellationToken.None);
                using var held = turn.Match<DatasetLock?>(taken => taken, _ => null);
                Directory.Delete(folder, recursive: true);
            }

            return TypedResults.NoContent();
        });
    }

    private static DatasetManifest? Manifest(DatasetRow row, DataFolders folders) =>
        row.Status == DatasetStatus.Ready && DatasetFolder.ReadManifest(folders.Dataset(row.Name)) is { Succeeded: true } manifest
        ? manifest.Value
        : null;
}
