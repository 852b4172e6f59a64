using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Figures;
using CnnService.Web.Api;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Runs;

/// <summary>/runs: state and progress of training runs.</summary>
internal static class RunsApi
{
    private const double DefaultSmoothing = 0;

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/runs").WithTags("Training");
        runs.MapGet("/", ListAsync).WithName("ListRuns").WithSummary("List runs, newest first").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        runs.MapGet("/{id}", GetAsync).WithName("GetRun").WithSummary("State and progress of a run").RequireAuthorization(Scopes.Read)
            .ProducesProblems(404);
        runs.MapGet("/{id}/history", HistoryAsync).WithName("GetRunHistory").WithSummary("The metrics of each epoch")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        runs.MapGet("/{id}/events", RunEventStream.WriteAsync).WithName("StreamRunEvents")
            .WithSummary("A run's events as server-sent events")
            .WithDescription(
                "Events `state`, `part` (preparing, features, epochs, evaluating, …), `step`, `epoch` and `log`; `Last-Event-ID` resumes "
                + "after an event. The stream ends when the run has ended.")
            .WithHeader("Last-Event-ID", "The id of the last event that was received; default: all events.")
            .Produces(200, contentType: "text/event-stream").RequireAuthorization(Scopes.Read).ProducesProblems(404, 503);
        runs.MapGet("/{id}/curves.png", CurvesAsync).WithName("GetRunCurves").AllowHead().WithSummary("Loss and accuracy curves")
            .WithDescription(
                "Training and validation. `smoothing` (0 to 0.99) is the weight of past values in an exponential moving average.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
        runs.MapInsight();
        runs.MapPost("/{id}/cancel", CancelAsync).WithName("CancelRun").WithSummary("Cancel a run at its next step")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        runs.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeRun").WithSummary(
            "Resume a failed or cancelled run from its last checkpoint")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        runs.MapPost("/{id}/finish", FinishAsync).WithName("FinishRun").WithSummary("End a run now and publish the best epoch so far")
            .WithDescription(
                "The run then succeeds with `endedEarly`. A run that has ended "
                + "or waits cannot be finished.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        runs.MapPost("/{id}/publish", PublishAsync).WithName("PublishRun")
            .WithSummary("Publish the best epoch of a cancelled or failed run")
            .WithDescription(
                "A run that was cancelled keeps the weights of its best epoch until it is deleted. The run is queued again, trains no "
                + "further, and succeeds with `endedEarly`.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        runs.MapDelete("/{id}", DeleteAsync).WithName("DeleteRun").WithSummary("Delete a finished run; its model version is kept")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static Task<Results<Ok<Page<RunResource>>, ProblemResult>> ListAsync(
        RunStore runs, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async pageSize =>
        {
            var rows = await runs.ListAsync(pageSize + 1, after, cancel);
            var histories = await runs.HistoriesAsync([.. rows.Select(row => row.Id)], cancel);
            return TypedResults.Ok(Paging.Create(rows, pageSize, row => RunResource.From(row, [.. histories[row.Id]]), row => row.Id));
        });

    private static async Task<Results<Ok<RunResource>, ProblemResult>> GetAsync(
        RunStore runs, WorkerSearch workers, string id, CancellationToken cancel) =>
        await runs.FindAsync(id, cancel) is { } row
            ? TypedResults.Ok(RunResource.From(row, await runs.HistoryAsync(id, cancel)) with
            {
                WaitsFor = await workers.ExplainAsync(row, cancel),
            })
            : RunStore.NotFound(id).ToResult();

    private static async Task<Results<Ok<List<EpochResource>>, ProblemResult>> HistoryAsync(
        RunStore runs, string id, CancellationToken cancel) =>
        await runs.FindAsync(id, cancel) is null
            ? RunStore.NotFound(id).ToResult()
            : TypedResults.Ok((await runs.HistoryAsync(id, cancel)).ConvertAll(EpochResource.From));

    private static async Task<IResult> CurvesAsync(
        RunStore runs, IFigureRenderer figures, string id, double? smoothing, [AsParameters] PlotQuery plot, CancellationToken cancel)
    {
        var weight = smoothing ?? DefaultSmoothing;
        if (weight is not (>= 0 and <= 0.99))
        {
            return Core.Common.Problem.Invalid("request.invalid", $"smoothing must be between 0 and 0.99, received {weight}.").ToResult();
        }

        if (await runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id).ToResult();
        }

        var history = (await runs.HistoryAsync(id, cancel)).ConvertAll(epoch => epoch.Metrics());
        var about = $"Run {row.Id} on {row.Dataset}: {history.Count} of {row.Epochs} epochs.";
        return FigureResult.File(figures, CurvePlot.Create(row.Model, about, history, weight), plot.Style);
    }

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> CancelAsync(
        RunStore runs, SweepQueue sweeps, string id, CancellationToken cancel)
    {
        var cancelled = await runs.CancelAsync(id, cancel);
        if (cancelled.Succeeded)
        {
            await sweeps.AdvanceAsync(cancelled.Value.SweepId); // A queued run is cancelled without a worker noticing.
        }

        return Answer(cancelled);
    }

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> ResumeAsync(
        RunStore runs, WorkQueue queue, string id, CancellationToken cancel)
    {
        var resumed = await runs.ResumeAsync(id, cancel);
        if (resumed.Succeeded)
        {
            queue.Enqueue<TrainingWork>(id);
        }

        return Answer(resumed);
    }

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> FinishAsync(
        RunStore runs, string id, CancellationToken cancel) => Answer(await runs.FinishAsync(id, cancel));

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> PublishAsync(
        RunStore runs, WorkQueue queue, string id, CancellationToken cancel)
    {
        var queued = await runs.PublishAsync(id, cancel);
        if (queued.Succeeded)
        {
            queue.Enqueue<TrainingWork>(id);
        }

        return Answer(queued);
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(
        RunStore runs, DataFolders folders, string id, CancellationToken cancel) =>
        runs.DeleteAsync(id, cancel).ToResultAsync(async _ =>
        {
            await folders.DeleteRunAsync(id);
            return TypedResults.NoContent();
        });

    private static Results<Accepted<RunResource>, ProblemResult> Answer(Core.Common.Outcome<RunRow> outcome) =>
        outcome.ToResult(row => TypedResults.Accepted($"/runs/{row.Id}", RunResource.From(row, [])));
}
