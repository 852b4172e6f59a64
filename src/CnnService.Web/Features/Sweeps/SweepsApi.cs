using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Sweeps;

/// <summary>/sweeps: many trainings that differ in some fields, ranked by a metric.</summary>
internal static class SweepsApi
{
    private const string Example = """
        {
          "name": "rates",
          "base": { "dataset": "shapes", "epochs": 9, "imageSize": 64 },
          "random": { "trials": 12, "seed": 1, "fields": {
            "optimizer.learningRate": { "from": 0.00001, "to": 0.01, "scale": "log" },
            "batchSize": { "from": 8, "to": 64 },
            "augmentation.preset": { "values": ["none", "article"] } } },
          "parallel": 1,
          "metric": "validationAccuracy",
          "halving": { "factor": 3, "firstEpochs": 1 }
        }
        """;

    private const string StartDescription =
        "Every trial is a run, up to `parallel` at once. `grid` tries every combination; "
        + "`random` samples `trials` times from lists and ranges.\n\n"
        + "Trials are ranked by `metric` at "
        + "their best epoch. With `halving`, a trial that has completed `firstEpochs`·`factor`^k epochs and is not among the best "
        + "1/`factor` of those at this point is stopped.\n\nTrials that succeed become versions of the sweep's `model`, whose alias "
        + "`best` names the best.";

    public static void MapSweeps(this IEndpointRouteBuilder routes)
    {
        var sweeps = routes.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("/", StartAsync).WithName("StartSweep").WithSummary("Train variants of a network and rank them")
            .WithDescription(StartDescription)
            .Accepts<SweepRequest>("application/json").WithExample(Example).TakesIdempotencyKey().RequireAuthorization(Scopes.Train)
            .RequireRateLimiting(RateLimits.TrainingsPolicy).ProducesProblems(400, 404, 409, 415, 422, 503, 507);
        sweeps.MapGet("/", ListAsync).WithName("ListSweeps").WithSummary("List sweeps, newest first").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        sweeps.MapGet("/{id}", GetAsync).WithName("GetSweep").WithSummary("Progress of a sweep, and its trials ranked")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        sweeps.MapGet("/{id}/plot.png", PlotAsync).WithName("GetSweepPlot").AllowHead()
            .WithSummary("The trials' metrics plotted against each field that varies")
            .WithDescription(
                "One plot per field: each trial at its value and its best metric; the best trial is highlighted, trials stopped early "
                + "are faint.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(404);
        sweeps.MapPost("/{id}/cancel", CancelAsync).WithName("CancelSweep").WithSummary("Cancel a sweep and all its trials")
            .WithDescription("Waiting trials are never run; running ones stop at their next step. Published versions are kept.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        sweeps.MapDelete("/{id}", DeleteAsync).WithName("DeleteSweep").WithSummary(
            "Delete a finished sweep with its runs; its model is kept")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static async Task<Results<Accepted<SweepResource>, ProblemResult>> StartAsync(HttpContext http, [AsParameters] SweepStart start)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        return await AnswerAsync(
            start.Sweeps, await body.BindAsync(json => start.RunAsync(http.Request, json)), http.RequestAborted);
    }

    private static Task<Results<Ok<Page<SweepSummary>>, ProblemResult>> ListAsync(
        SweepStore sweeps, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async pageSize =>
        {
            var rows = await sweeps.ListAsync(pageSize + 1, after, cancel);
            var counts = (await sweeps.CountsAsync(rows.ConvertAll(row => row.Id), cancel)).ToLookup(count => count.SweepId);
            return TypedResults.Ok(Paging.Create(rows, pageSize, row => SweepSummary.From(row, counts[row.Id]), row => row.Id));
        });

    private static async Task<Results<Ok<SweepResource>, ProblemResult>> GetAsync(
        SweepStore sweeps, string id, CancellationToken cancel) =>
        await sweeps.FindAsync(id, cancel) is { } row
            ? TypedResults.Ok(SweepResource.From(row, await sweeps.TrialsAsync(row, cancel)))
            : SweepStore.NotFound(id).ToResult();

    private static async Task<IResult> PlotAsync(
        SweepStore sweeps, IFigureRenderer figures, string id, [AsParameters] PlotQuery plot, CancellationToken cancel) =>
        await sweeps.FindAsync(id, cancel) is { } row
            ? FigureResult.File(figures, SweepImage.Draw(row, await sweeps.TrialsAsync(row, cancel)), plot.Style)
            : SweepStore.NotFound(id).ToResult();

    private static async Task<Results<Accepted<SweepResource>, ProblemResult>> CancelAsync(
        SweepStore sweeps, SweepQueue queue, string id, CancellationToken cancel)
    {
        var cancelled = await sweeps.CancelAsync(id, cancel);
        if (cancelled.Succeeded)
        {
            await queue.AdvanceAsync(id); // Ends the sweep if no trial is running.
        }

        return await AnswerAsync(sweeps, cancelled, cancel);
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(
        SweepStore sweeps, DataFolders folders, string id, CancellationToken cancel) =>
        sweeps.DeleteAsync(id, cancel).ToResultAsync(async runs =>
        {
            foreach (var run in runs)
            {
                await folders.DeleteRunAsync(run);
            }

            return TypedResults.NoContent();
        });

    /// <summary>Responds with the current state of the sweep.</summary>
    private static Task<Results<Accepted<SweepResource>, ProblemResult>> AnswerAsync(
        SweepStore sweeps, Outcome<SweepRow> outcome, CancellationToken cancel) =>
        outcome.ToResultAsync(async known =>
        {
            var row = await sweeps.FindAsync(known.Id, cancel) ?? known;
            return TypedResults.Accepted($"/sweeps/{row.Id}", SweepResource.From(row, await sweeps.TrialsAsync(row, cancel)));
        });
}
