using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Classify;

/// <summary>/classify/jobs: whole data sets, in the background.</summary>
internal static class ClassifyJobsApi
{
    private const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";

    public static void MapClassifyJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/classify/jobs").WithTags("Classification");
        jobs.MapPost("/", StartAsync).WithName("ClassifyDataset").WithSummary("Classify a whole data set")
            .WithDescription(
                "Goes on in the background, at the speed of the machine, and through a restart: no image twice, none missing. `model` is "
                + "`name`, `name:version` or `name@alias`; "
                + "the answer tells the version that it stands for now. Without `split` all images are classified. One job at a time is "
                + "at work. `Idempotency-Key` is honoured.")
            .Accepts<ClassifyJobRequest>("application/json")
            .WithExample("""{ "model": "shapes", "dataset": "shapes", "split": "validation" }""")
            .RequireAuthorization(Scopes.Classify).ProducesProblems(400, 404, 409, 415, 422, 503, 507);
        jobs.MapGet("/", ListAsync).WithName("ListClassifyJobs").WithSummary("List classifications of data sets, newest first")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400);
        jobs.MapGet("/{id}", GetAsync).WithName("GetClassifyJob").WithSummary("Progress and outcome of a classification of a data set")
            .WithDescription(
                "Once it has succeeded: accuracy, loss, figures of each class and the confusion matrix, where the model knows every "
                + "class of the data set; and links to the predictions.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        jobs.MapGet("/{id}/predictions.csv",
            (ClassifyJobStore store, DataFolders folders, string id) => FileAsync(store, folders, id, BulkResult.CsvFile, Csv))
            .WithName("GetPredictionsCsv").AllowHead().WithSummary("The predictions as CSV")
            .WithDescription(
                "A line an image: `id`, `file` (as its source named it), `split`, `trueClass`, `predicted`, `probability`, `correct` "
                + "(empty where the model does not know the true class), "
                + "then `p_<class>` for each class of the model, left out above 1000 classes. UTF-8; a cell that a spreadsheet would "
                + "take for a formula begins with an apostrophe.")
            .Produces(200, contentType: Csv).RequireAuthorization(Scopes.Read).ProducesProblems(404, 409);
        jobs.MapGet("/{id}/predictions.parquet",
            (ClassifyJobStore store, DataFolders folders, string id) => FileAsync(store, folders, id, BulkResult.ParquetFile, Parquet))
            .WithName("GetPredictionsParquet").AllowHead().WithSummary("The predictions as Parquet")
            .WithDescription("The columns of the CSV, with their types; names are as they are.")
            .Produces(200, contentType: Parquet).RequireAuthorization(Scopes.Read).ProducesProblems(404, 409);
        jobs.MapPost("/{id}/cancel", CancelAsync).WithName("CancelClassifyJob").WithSummary("Stop a classification; nothing is kept of it")
            .RequireAuthorization(Scopes.Classify).ProducesProblems(404, 409);
        jobs.MapDelete("/{id}", DeleteAsync).WithName("DeleteClassifyJob").WithSummary(
            "Delete a classification and its predictions; one at work stops").RequireAuthorization(Scopes.Classify).ProducesProblems(404);
    }

    private static async Task<Results<Accepted<ClassifyJobResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] ClassifyJobStart start) =>
        Answer(await start.RunAsync(http));

    private static Task<Results<Ok<Page<ClassifyJobResource>>, ProblemResult>> ListAsync(
        ClassifyJobStore jobs, int? limit, string? after) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async most => TypedResults.Ok(Paging.Create(
            await jobs.ListAsync(most + 1, after), most, row => ClassifyJobResource.From(row, null), row => row.Id)));

    private static async Task<Results<Ok<ClassifyJobResource>, ProblemResult>> GetAsync(
        ClassifyJobStore jobs, DataFolders folders, string id) =>
        await jobs.FindAsync(id) is { } row
            ? TypedResults.Ok(
                ClassifyJobResource.From(row, row.Work.State == WorkState.Succeeded ? BulkResult.Read(folders.Classification(id)) : null))
            : ClassifyJobStore.NotFound(id).ToResult();

    private static async Task<Results<PhysicalFileHttpResult, ProblemResult>> FileAsync(
        ClassifyJobStore jobs, DataFolders folders, string id, string name, string mediaType)
    {
        var row = await jobs.FindAsync(id);
        var path = Path.Combine(folders.Classification(id), name);
        return row is null ? ClassifyJobStore.NotFound(id).ToResult()
            : row.Work.State == WorkState.Succeeded && File.Exists(path)
                ? TypedResults.PhysicalFile(path, mediaType, $"{row.Dataset}-{name}", enableRangeProcessing: true)
            : Problem.Conflict("classify-job.no-result",
                $"The classification '{id}' has no predictions: it is {row.Work.State.ToWireName()}.").ToResult();
    }

    private static async Task<Results<Accepted<ClassifyJobResource>, ProblemResult>> CancelAsync(
        ClassifyJobStore jobs, DataFolders folders, string id)
    {
        var before = await jobs.FindAsync(id);
        var cancelled = await jobs.CancelAsync(id);
        if (cancelled.Succeeded && before?.Work.State == WorkState.Queued)
        {
            Clear(folders, id); // Of an attempt before a shutdown; no worker is at it, and one at work clears up itself.
        }

        return Answer(cancelled);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(ClassifyJobStore jobs, DataFolders folders, string id)
    {
        if (!await jobs.DeleteAsync(id))
        {
            return ClassifyJobStore.NotFound(id).ToResult();
        }

        Clear(folders, id);
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
