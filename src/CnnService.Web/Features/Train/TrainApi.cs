using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Web.Api;
using CnnService.Web.Api.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Train;

/// <summary>POST /train.</summary>
internal static class TrainApi
{
    private const string Operation = "train";

    public static void MapTrain(this IEndpointRouteBuilder routes) => routes.MapPost("/train", StartAsync)
        .WithName("Train").WithTags("Training").RequireAuthorization(Scopes.Train).RequireRateLimiting(RateLimits.TrainingsPolicy)
        .WithSummary("Train a network")
        .WithDescription(
            "Queues a training run. Only `dataset` is required. Answers the run; `Location` tells where its state and progress are. "
            + "All broken rules are told at once under their JSON paths.")
        .Accepts<TrainRequest>("application/json")
        .WithExample("""{ "dataset": "shapes", "epochs": 8, "imageSize": 64, "optimizer": { "name": "adam", "learningRate": 0.0005 } }""")
        .ProducesProblems(400, 404, 409, 415, 422, 503, 507);

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] TrainServices parts)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        var run = await body.BindAsync(json =>
            new IdempotentRequest<RunRow>(parts.Keys, Operation, parts.Runs.FindAsync, id => QueueAsync(id, json, parts))
                .RunAsync(http.Request, json, RunId.New(parts.Clock)));
        return run.ToResult(row => TypedResults.Accepted($"/runs/{row.Id}", RunResource.From(row, [])));
    }

    private static async Task<Outcome<RunRow>> QueueAsync(string id, JsonElement body, TrainServices parts)
    {
        var queued = await PlanAsync(id, body, parts)
            .BindAsync(planned => parts.Runs.AddAsync(Row(planned, body), parts.Options.Value.MaxQueuedRuns));
        if (queued.Succeeded)
        {
            parts.Queue.Enqueue<TrainingWork>(id);
        }

        return queued;
    }

    /// <summary>The request's plan: every broken rule first, then what it names and is not there, then what does not fit.</summary>
    private static async Task<Outcome<PlannedRun>> PlanAsync(string id, JsonElement body, TrainServices parts)
    {
        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(body, errors);
        var inputs = await TrainingInputs.FindAsync(parts.Datasets, parts.Registry, parts.Folders, request?.Dataset, request?.StartFrom);
        var options = parts.Options.Value;
        var setting = inputs.Setting(id, options.CheckpointEvery, options.Threads) with { SnapshotMebibytes = options.SnapshotMebibytes };
        var training = request is null ? null : TrainPlanner.Plan(request, inputs.Known, setting, errors);
        var refusal = errors.Any ? Problem.Validation(errors)
            : inputs.Missing ?? TrainableDataset.CheckTrainable(inputs.Known!)
                ?? TrainingMemoryLimit.Check(training!, options.MaxMemoryBytes) ?? DiskSpaceCheck.Check(parts.Folders);
        return refusal is { } problem ? problem : new PlannedRun(request!.Model ?? request.Dataset, training!.Plan);
    }

    private static RunRow Row(PlannedRun planned, JsonElement body) => new()
    {
        Id = planned.Plan.RunId,
        Request = body.GetRawText(),
        Plan = JsonSerializer.Serialize(planned.Plan, CoreJson.Options),
        Dataset = planned.Plan.Dataset,
        Model = planned.Model,
        Epochs = planned.Plan.Epochs,
    };

    private sealed record PlannedRun(string Model, TrainingPlan Plan);
}

/// <summary>What starting a run needs.</summary>
internal sealed record TrainServices(
    RunStore Runs,
    DatasetStore Datasets,
    IdempotencyStore Keys,
    ModelRegistry Registry,
    WorkQueue Queue,
    DataFolders Folders,
    IOptions<TrainingOptions> Options,
    TimeProvider Clock);
