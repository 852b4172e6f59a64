using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Requests;
using CnnService.Web.Api;
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
        .WithName("Train").WithTags("Training").RequireAuthorization(Scopes.Train).RequireRateLimiting(RateLimits.Trainings)
        .WithSummary("Train a network")
        .WithDescription("Queues a training run. Only `dataset` is required. Answers the run; `Location` tells where its state and progress are. "
            + "All broken rules are told at once under their JSON paths.")
        .Accepts<TrainRequest>("application/json")
        .WithExample("""{ "dataset": "shapes", "epochs": 8, "imageSize": 64, "optimizer": { "name": "adam", "learningRate": 0.0005 } }""")
        .ProducesProblems(400, 404, 409, 415, 422, 503, 507);

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> StartAsync(HttpContext http, [AsParameters] TrainParts parts)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        if (body.Problem is { } unreadable)
        {
            return unreadable.ToResult();
        }

        var once = new IdempotentRequest<RunRow>(parts.Keys, Operation, parts.Runs.FindAsync, id => QueueAsync(id, body.Value, parts));
        var run = await once.RunAsync(http.Request, body.Value, RunId.New(parts.Clock));
        return run.Problem is { } problem ? problem.ToResult() : Answer(run.Value);
    }

    private static Accepted<RunResource> Answer(RunRow row) => TypedResults.Accepted($"/runs/{row.Id}", RunResource.Of(row, []));

    private static async Task<Outcome<RunRow>> QueueAsync(string id, JsonElement body, TrainParts parts)
    {
        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(body, errors);
        var dataset = request is null || !ResourceName.IsValid(request.Dataset) ? null : await TrainableDataset.FindAsync(parts.Datasets, parts.Folders, request.Dataset);
        var known = dataset is { Succeeded: true } ? dataset.Value : null;
        var options = parts.Options.Value;
        var start = await StartingModel.FindAsync(parts.Registry, request?.StartFrom);
        var setting = new PlanSetting(id, known is null ? string.Empty : parts.Folders.Dataset(known.Name), options.CheckpointEvery, options.Threads)
        {
            Start = start is { Succeeded: true } ? start.Value : null,
            SnapshotMebibytes = options.SnapshotMebibytes,
        };
        var plan = request is null ? null : TrainPlanner.Plan(request, known, setting, errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        if ((dataset!.Problem ?? start?.Problem) is { } missing)
        {
            return missing;
        }

        if ((TrainableDataset.Unfit(known!) ?? TrainingSize.TooLarge(plan!, options.MaxMemoryBytes) ?? DiskRules.Refusal(parts.Folders)) is { } refusal)
        {
            return refusal;
        }

        var added = await parts.Runs.AddAsync(
            new RunRow
            {
                Id = id,
                Request = body.GetRawText(),
                Plan = JsonSerializer.Serialize(plan, CoreJson.Options),
                Dataset = plan!.Dataset,
                Model = request!.Model ?? plan.Dataset,
                Epochs = plan.Epochs,
            },
            options.MaxQueuedRuns);
        if (added.Succeeded)
        {
            parts.Queue.Enqueue<TrainingWork>(id);
        }

        return added;
    }
}

/// <summary>What starting a run needs.</summary>
internal sealed record TrainParts(
    RunStore Runs,
    DatasetStore Datasets,
    IdempotencyStore Keys,
    ModelRegistry Registry,
    WorkQueue Queue,
    DataFolders Folders,
    IOptions<TrainingOptions> Options,
    TimeProvider Clock);
