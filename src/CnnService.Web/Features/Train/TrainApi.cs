using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;
using CnnService.Web.Api;
using CnnService.Web.Api.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Train;

/// <summary>POST /train: starts a training run.</summary>
internal static class TrainApi
{
    private const string Operation = "train";

    public static void MapTrain(this IEndpointRouteBuilder routes) => routes.MapPost("/train", StartAsync)
        .WithName("Train").WithTags("Training").RequireAuthorization(Scopes.Train).RequireRateLimiting(RateLimits.TrainingsPolicy)
        .WithSummary("Train a network")
        .WithDescription(
            "Queues a training run. Only `dataset` is required; `recipe` says in a word how (`GET /recipes`), and `chosen` in the answer "
            + "what was taken. Returns the run; `Location` is its address, for state and progress.")
        .Accepts<TrainRequest>("application/json").TakesIdempotencyKey()
        .WithExample("""{ "dataset": "shapes", "epochs": 8, "imageSize": 64, "optimizer": { "name": "adam", "learningRate": 0.0005 } }""")
        .ProducesProblems(400, 404, 409, 415, 422, 503, 507);

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] TrainServices services)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        var run = await body.BindAsync(json =>
            new IdempotentRequest<RunRow>(
                services.Keys, Operation, services.Runs.FindAsync, (id, cancel) => QueueAsync(id, json, services, cancel))
                .RunAsync(http.Request, json, RunId.New(services.Clock)));
        return run.ToResult(row => TypedResults.Accepted(
            $"/runs/{row.Id}", RunResource.From(row, []) with { Advice = services.Health.Advise(row.Dataset) }));
    }

    private static async Task<Outcome<RunRow>> QueueAsync(string id, JsonElement body, TrainServices services, CancellationToken cancel)
    {
        var queued = await PlanAsync(id, body, services, cancel)
            .BindAsync(planned => services.Runs.AddAsync(Row(planned, body), services.Options.Value.MaxQueuedRuns, cancel));
        if (queued.Succeeded)
        {
            services.Queue.Enqueue<TrainingWork>(id);
        }

        return queued;
    }

    /// <summary>Plans the run: reports first all violated rules, then missing resources, then what does not fit together.</summary>
    private static async Task<Outcome<PlannedRun>> PlanAsync(
        string id, JsonElement body, TrainServices services, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(body, errors);
        var inputs = await TrainingInputs.FindAsync(
            services.Datasets, services.Registry, services.Folders, request?.Dataset, request?.StartFrom, cancel);
        errors.Require(request is null || !services.Registry.Starts.Catalog.Find(request.Model ?? request.Dataset).Succeeded, "model",
            $"must not be that of a trained start, received \"{request?.Model ?? request?.Dataset}\"");
        var options = services.Options.Value;
        var setting = inputs.Setting(id, options.CheckpointEvery, options.Threads) with
        {
            SnapshotMebibytes = options.SnapshotMebibytes,
            Speed = services.Speed.Find(),
            Now = services.Clock.GetUtcNow(),
        };
        var training = request is null ? null : TrainPlanner.Plan(request, inputs.Known, setting, errors);
        var refusal = errors.Any ? Problem.Validation(errors)
            : inputs.Missing ?? TrainableDataset.CheckTrainable(inputs.Known!)
                ?? TrainingMemoryLimit.Check(training!, options.MaxMemoryBytes, services.Torch) ?? Unmet(training!, services)
                ?? DiskSpaceCheck.Check(services.Folders);
        return refusal is { } problem
            ? problem
            : (await InTimeAsync(training!, inputs.Known!, services, cancel))
                .Map(plan => new PlannedRun(request!.Model ?? plan.Dataset, plan));
    }

    private static Problem? Unmet(PlannedTraining training, TrainServices services) =>
        services.Workers.Refuse(training.Plan.Requires) is { } lack ? Problem.Unprocessable("run.no-worker", lack) : null;

    /// <summary>The plan, with the machine's speed as it is now where it has a time budget, which is then checked.</summary>
    private static async Task<Outcome<TrainingPlan>> InTimeAsync(
        PlannedTraining training, DatasetManifest dataset, TrainServices services, CancellationToken cancel)
    {
        if (training.Plan.Budget is null)
        {
            return training.Plan;
        }

        var speed = await services.Speed.GetCurrentAsync(cancel);
        return TimeBudgetCheck.Check(training, dataset, speed) is { } late ? late : training.Plan with { Speed = speed };
    }

    private static RunRow Row(PlannedRun planned, JsonElement body) => new()
    {
        Id = planned.Plan.RunId,
        Request = body.GetRawText(),
        Plan = JsonSerializer.Serialize(planned.Plan, CoreJson.Options),
        Dataset = planned.Plan.Dataset,
        DatasetRevision = planned.Plan.DatasetRevision,
        Model = planned.Model,
        Epochs = planned.Plan.Epochs,
        Work = LeasedWork.Requiring(planned.Plan.Requires),
    };

    private sealed record PlannedRun(string Model, TrainingPlan Plan);
}

/// <summary>The services needed for starting a run.</summary>
internal sealed record TrainServices(
    RunStore Runs,
    DatasetStore Datasets,
    IdempotencyStore Keys,
    ModelRegistry Registry,
    WorkQueue Queue,
    WorkerSearch Workers,
    DataFolders Folders,
    ITorchRuntime Torch,
    IOptions<TrainingOptions> Options,
    KnownSpeed Speed,
    HealthReports Health,
    TimeProvider Clock);
