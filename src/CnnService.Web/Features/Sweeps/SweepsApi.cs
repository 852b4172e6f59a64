using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Sweeps;

/// <summary>/sweeps: many trainings that differ in some fields, ranked.</summary>
internal static class SweepsApi
{
    private const string Example = """
        {
          "name": "rates",
          "base": { "dataset": "shapes", "epochs": 9, "imageSize": 64 },
          "random": { "trials": 12, "seed": 1, "fields": {
            "optimizer.learningRate": { "from": 0.00001, "to": 0.01, "scale": "log" },
            "batchSize": { "from": 8, "to": 64 },
            "augmentation": ["none", "article"] } },
          "parallel": 1,
          "metric": "validationAccuracy",
          "halving": { "factor": 3, "firstEpochs": 1 }
        }
        """;

    private const string StartDescription =
        "Every trial is a run of its own in the ordinary queue (`GET /runs/{id}`): more workers, more trials at once, up to `parallel`. "
        + "`base` is a body of `POST /train`. `grid` gives lists of values by path into it and tries every combination; `random` draws "
        + "`trials` times from "
        + "lists and ranges (`scale` is `linear` or `log`; whole numbers where the field is whole; the same seed draws the same). Paths "
        + "are as in "
        + "`optimizer.learningRate` and `architecture.layers[2].filters`; `dataset` and `model` cannot vary. All trials are checked "
        + "before the first is "
        + "queued, and a fault is told where the sweep has it: `grid.batchSize[1]`, `base.epochs`.\n\n"
        + "Trials are ranked by `metric` at their best epoch. With `halving`, a trial that has done `firstEpochs`·`factor`^k epochs and "
        + "is not among the best "
        + "1/`factor` of the trials that came so far is stopped: its run is `cancelled` and says why, its history stays. `parallel` "
        + "counts trials that are queued or "
        + "running; a worker trains one run at a time.\n\n"
        + "Trials that succeed become versions of a model of the sweep's own, `<model>-sweep-<id>` (`model` of the answer; `base.model` "
        + "or the data set's name before "
        + "it), so that no other model's `latest` changes; its alias `best` names the best of them. Answers the sweep; `Location` tells "
        + "where it is.";

    public static void MapSweeps(this IEndpointRouteBuilder routes)
    {
        var sweeps = routes.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("/", StartAsync).WithName("StartSweep").WithSummary("Train many variants and rank them")
            .WithDescription(StartDescription)
            .Accepts<SweepRequest>("application/json").WithExample(Example).RequireAuthorization(Scopes.Train)
            .RequireRateLimiting(RateLimits.TrainingsPolicy).ProducesProblems(400, 404, 409, 415, 422, 503, 507);
        sweeps.MapGet("/", ListAsync).WithName("ListSweeps").WithSummary("List sweeps, newest first").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        sweeps.MapGet("/{id}", GetAsync).WithName("GetSweep").WithSummary("Progress of a sweep, and its trials, best first")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        sweeps.MapGet("/{id}/plot.png", PlotAsync).WithName("GetSweepPlot").AllowHead()
            .WithSummary("The trials' figures against each field that varies")
            .WithDescription(
                "A diagram a field: each trial at its value and its best figure; the best trial stands out, those stopped early are "
                + "faint. Fields drawn on a log scale have a log axis.")
            .Produces(200, contentType: "image/png").RequireAuthorization(Scopes.Read).ProducesProblems(404);
        sweeps.MapPost("/{id}/cancel", CancelAsync).WithName("CancelSweep").WithSummary("Stop a sweep and all its trials")
            .WithDescription("Trials that wait never run, those at work stop at their next step. What was published stays.")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
        sweeps.MapDelete("/{id}", DeleteAsync).WithName("DeleteSweep").WithSummary("Delete a finished sweep with its runs; its model stays")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static async Task<Results<Accepted<SweepResource>, ProblemResult>> StartAsync(HttpContext http, [AsParameters] SweepStart start)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        return await AnswerAsync(start.Sweeps, await body.BindAsync(json => start.RunAsync(http.Request, json)));
    }

    private static Task<Results<Ok<Page<SweepSummary>>, ProblemResult>> ListAsync(SweepStore sweeps, int? limit, string? after) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async most =>
        {
            var rows = await sweeps.ListAsync(most + 1, after);
            var counts = (await sweeps.CountsAsync(rows.ConvertAll(row => row.Id))).ToLookup(count => count.SweepId);
            return TypedResults.Ok(Paging.Create(rows, most, row => SweepSummary.From(row, counts[row.Id]), row => row.Id));
        });

    private static async Task<Results<Ok<SweepResource>, ProblemResult>> GetAsync(SweepStore sweeps, string id) =>
        await sweeps.FindAsync(id) is { } row
            ? TypedResults.Ok(SweepResource.From(row, await sweeps.TrialsAsync(row)))
            : SweepStore.NotFound(id).ToResult();

    private static async Task<Results<FileContentHttpResult, ProblemResult>> PlotAsync(SweepStore sweeps, IPngEncoder png, string id) =>
        await sweeps.FindAsync(id) is { } row
            ? TypedResults.File(png.Encode(SweepImage.Draw(row, await sweeps.TrialsAsync(row)), []), "image/png")
            : SweepStore.NotFound(id).ToResult();

    private static async Task<Results<Accepted<SweepResource>, ProblemResult>> CancelAsync(SweepStore sweeps, SweepQueue queue, string id)
    {
        var cancelled = await sweeps.CancelAsync(id);
        if (cancelled.Succeeded)
        {
            await queue.AdvanceAsync(id); // Where nothing runs, the sweep is over.
        }

        return await AnswerAsync(sweeps, cancelled);
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(SweepStore sweeps, DataFolders folders, string id) =>
        sweeps.DeleteAsync(id).ToResultAsync(runs =>
        {
            foreach (var folder in runs.Select(folders.Run).Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }

            return TypedResults.NoContent();
        });

    /// <summary>The sweep as it is by now.</summary>
    private static Task<Results<Accepted<SweepResource>, ProblemResult>> AnswerAsync(SweepStore sweeps, Outcome<SweepRow> outcome) =>
        outcome.ToResultAsync(async known =>
        {
            var row = await sweeps.FindAsync(known.Id) ?? known;
            return TypedResults.Accepted($"/sweeps/{row.Id}", SweepResource.From(row, await sweeps.TrialsAsync(row)));
        });
}
