using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Datasets;

/// <summary>GET /datasets/{name}/export: a data set to take along.</summary>
internal static class DatasetExportApi
{
    private const string Tar = "application/x-tar";
    private const string Parquet = "application/vnd.apache.parquet";

    public static void MapDatasetExport(this RouteGroupBuilder datasets) => datasets.MapGet("/{name}/export", ExportAsync)
        .WithName("ExportDataset").WithSummary("Download a data set")
        .WithDescription(
            "`folders`: a tar archive with the image files as `split/class/id.extension` and a table `metadata.csv` of `file_name`, "
            + "`label` and `split`; of a `multiLabel` data set a `metadata.jsonl` with `labels`. "
            + "`parquet`: as the data sets library of Hugging Face writes it, a column `image` of `bytes` and `path` "
            + "and a column `label` whose names are in the metadata.")
        .Produces(200, contentType: Tar).RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409, 422, 507);

    private static Task<IResult> ExportAsync(
        DatasetStore datasets, DataFolders folders, string name, EnumQueryValue<ExportFormat>? format, CancellationToken cancel) =>
        DatasetImages.ManifestAsync(datasets, folders, name, cancel)
            .CheckAsync(dataset => format?.Value == ExportFormat.Parquet ? dataset.RequireSingleLabel("An export as Parquet") : null)
            .CheckAsync(_ => DiskSpaceCheck.Check(folders))
            .ToIResultAsync(dataset =>
            {
                var export = new DatasetExport(folders.Dataset(dataset.Name), dataset, folders.Uploads);
                var file = $"{dataset.Name}-{dataset.Revision.Number}";
                return (format?.Value ?? ExportFormat.Folders) == ExportFormat.Folders
                    ? TypedResults.Stream(body => export.WriteFoldersAsync(body, cancel), Tar, $"{file}.tar")
                    : export.IsOneFile
                        ? TypedResults.Stream(body => export.WriteParquetAsync(body, cancel), Parquet, $"{file}.parquet")
                        : TypedResults.Stream(body => export.WriteParquetAsync(body, cancel), Tar, $"{file}-parquet.tar");
            });
}

/// <summary>What a data set is exported as.</summary>
internal enum ExportFormat
{
    Folders,
    Parquet,
}
