using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Classify;

/// <summary>/classify/jobs: classifies whole data sets in the background.</summary>
internal static class ClassifyJobsApi
{
    private const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";

    public static void MapClassifyJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/classify/jobs").WithTags("Classification");
        jobs.MapPost("/", StartAsync).WithName("ClassifyDataset").WithSummary("Classify a whole data set")
            .WithDescription(
                "Runs in the background and continues after a restart without classifying an image twice or omitting one. `model` is "
                + "`name`, `name:version` or `name@alias`."
                + " `Idempotency-Key` is honoured.")
            .Accepts<ClassifyJobRequest>("application/json").TakesIdempotencyKey()
            .WithExample("""{ "model": "shapes", "dataset": "shapes", "split": "validation" }""")
            .RequireAuthorization(Scopes.Classify).ProducesProblems(400, 404, 409, 415, 422, 503, 507);
        jobs.MapGet("/", ListAsync).WithName("ListClassifyJobs").WithSummary("List classifications of data sets, newest first")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400);
        jobs.MapGet("/{id}", GetAsync).WithName("GetClassifyJob").WithSummary("Progress and result of a classification of a data set")
            .WithDescription(
                "After success: accuracy, loss, metrics per class and the confusion matrix; and links to the predictions.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        jobs.MapGet("/{id}/predictions.csv", GetCsvAsync)
            .WithName("GetPredictionsCsv").AllowHead().WithSummary("The predictions as CSV")
            .WithDescription(
                "One line per image: `id`, `file` (the name in its source), `split`, `trueClass`, `predicted`, `probability`, `correct` "
                + "(empty if the model does not know the true class), then `p_<class>` for each class of the model, omitted above 1000 "
                + "classes, then `known` and `familiarity` where the version tells.")
            .Produces(200, contentType: Csv).AllowsRanges().RequireAuthorization(Scopes.Read).ProducesProblems(404, 409);
        jobs.MapGet("/{id}/predictions.parquet", GetParquetAsync)
            .WithName("GetPredictionsParquet").AllowHead().WithSummary("The predictions as Parquet")
            .WithDescription("The same columns as the CSV, with data types; names are not prefixed.")
            .Produces(200, contentType: Parquet).AllowsRanges().RequireAuthorization(Scopes.Read).ProducesProblems(404, 409);
        jobs.MapPost("/{id}/cancel", CancelAsync).WithName("CancelClassifyJob").WithSummary(
            "Cancel a classification; its results are discarded")
            .RequireAuthorization(Scopes.Classify).ProducesProblems(404, 409);
        jobs.MapDelete("/{id}", DeleteAsync).WithName("DeleteClassifyJob").WithSummary(
            "Delete a classification and its predictions; a running one is "
            + "stopped").RequireAuthorization(Scopes.Classify).ProducesProblems(404);
    }

    private static async Task<Results<Accepted<ClassifyJobResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] ClassifyJobStart start) =>
        Answer(await start.RunAsync(http));

    private static Task<Results<Ok<Page<ClassifyJobResource>>, ProblemResult>> ListAsync(
        ClassifyJobStore jobs, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async pageSize => TypedResults.Ok(Paging.Create(
            await jobs.ListAsync(pageSize + 1, after, cancel), pageSize, row => ClassifyJobResource.From(row, null), row => row.Id)));

    private static async Task<Results<Ok<ClassifyJobResource>, ProblemResult>> GetAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, CancellationToken cancel)
    {
        if (await jobs.FindAsync(id, cancel) is not { } row)
        {
            return ClassifyJobStore.NotFound(id).ToResult();
        }

        await folders.Copies.EnsureAsync(folders.Classification(id), row.Files, isWanted: null, cancel);
        return TypedResults.Ok(
            ClassifyJobResource.From(row, row.Work.State == WorkState.Succeeded ? BulkResult.Read(folders.Classification(id)) : null));
    }

    private static Task<Results<PhysicalFileHttpResult, ProblemResult>> GetCsvAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, CancellationToken cancel) =>
        FileAsync(jobs, folders, id, BulkResult.CsvFile, Csv, cancel);

    private static Task<Results<PhysicalFileHttpResult, ProblemResult>> GetParquetAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, CancellationToken cancel) =>
        FileAsync(jobs, folders, id, BulkResult.ParquetFile, Parquet, cancel);

    private static async Task<Results<PhysicalFileHttpResult, ProblemResult>> FileAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, string name, string mediaType, CancellationToken cancel)
    {
        var row = await jobs.FindAsync(id, cancel);
        await folders.Copies.EnsureAsync(folders.Classification(id), row?.Files, isWanted: null, cancel);
        var path = Path.Combine(folders.Classification(id), name);
        return row is null ? ClassifyJobStore.NotFound(id).ToResult()
            : row.Work.State == WorkState.Succeeded && File.Exists(path)
                ? TypedResults.PhysicalFile(path, mediaType, $"{row.Dataset}-{name}", enableRangeProcessing: true)
            : Problem.Conflict("classify-job.no-result",
                $"The classification '{id}' has no predictions: it is {row.Work.State.ToWireName()}.").ToResult();
    }

    private static async Task<Results<Accepted<ClassifyJobResource>, ProblemResult>> CancelAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, CancellationToken cancel)
    {
        var before = await jobs.FindAsync(id, cancel);
        var cancelled = await jobs.CancelAsync(id, cancel);
        if (cancelled.Succeeded && before?.Work.State == WorkState.Queued)
        {
            Clear(folders, id); // Left by an attempt before a shutdown; a running worker deletes its own.
        }

        return Answer(cancelled);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, CancellationToken cancel)
    {
        if (!await jobs.DeleteAsync(id, cancel))
        {
            return ClassifyJobStore.NotFound(id).ToResult();
        }

        await folders.DeleteAsync(folders.Classification(id), ObjectKeys.Classification(id));
        return TypedResults.NoContent();
    }

    private static void Clear(DataFolders folders, string id)
    {
        if (Directory.Exists(folders.Classification(id)))
        {
            Directory.Delete(folders.Classification(id), recursive: true);
        }
    }

    private static Results<Accepted<ClassifyJobResource>, ProblemResult> Answer(Outcome<ClassifyJobRow> outcome) =>
        outcome.ToResult(row => TypedResults.Accepted($"/classify/jobs/{row.Id}", ClassifyJobResource.From(row, null)));
}
