using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Web.Hosting;
using CnnService.Web.Jobs;
using CnnService.Web.Persistence;
using CnnService.Web.Resources;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Train;

/// <summary>POST /train.</summary>
internal static class TrainApi
{
    private const string Operation = "train";

    public static void MapTrain(this IEndpointRouteBuilder routes) => routes.MapPost("/train", StartAsync)
        .WithName("Train").WithTags("Training").RequireAuthorization(Scopes.Train)
        .WithSummary("Train a network")
        .WithDescription("Queues a training run. Only `dataset` is required. Answers the run; `Location` tells where its state and progress are. "
            + "All broken rules are told at once under their JSON paths.")
        .Accepts<TrainRequest>("application/json")
        .WithExample("""{ "dataset": "shapes", "epochs": 8, "imageSize": 64, "optimizer": { "name": "adam", "learningRate": 0.0005 } }""")
        .ProducesProblems(400, 404, 409, 415, 422, 503);

    private static async Task<Results<Accepted<RunResource>, ProblemResult>> StartAsync(HttpContext http, [AsParameters] TrainParts parts)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted).ConfigureAwait(false);
        if (body.Problem is { } unreadable)
        {
            return unreadable.ToResult();
        }

        var key = http.Request.Headers[IdempotencyStore.Header].ToString();
        var run = key.Length > 0
            ? await OnceAsync(key, body.Value, parts).ConfigureAwait(false)
            : await QueueAsync(RunId.New(parts.Clock), body.Value, parts).ConfigureAwait(false);
        return run.Problem is { } problem ? problem.ToResult() : Answer(run.Value);
    }

    /// <summary>One run a key, whoever repeats the request, at the same time or after a crash between key and run.</summary>
    private static async Task<Outcome<RunRow>> OnceAsync(string key, JsonElement body, TrainParts parts)
    {
        var id = RunId.New(parts.Clock);
        var known = await parts.Keys.TakeAsync(Operation, key, JsonSerializer.SerializeToUtf8Bytes(body), id).ConfigureAwait(false);
        if (known.Problem is { } mismatch)
        {
            return mismatch;
        }

        if (known.Value is { } earlier && await parts.Runs.FindAsync(earlier).ConfigureAwait(false) is { } row)
        {
            return row;
        }

        var queued = await QueueAsync(known.Value ?? id, body, parts).ConfigureAwait(false);
        if (!queued.Succeeded && known.Value is null)
        {
            await parts.Keys.ReleaseAsync(Operation, key).ConfigureAwait(false);
        }

        return queued;
    }

    private static Accepted<RunResource> Answer(RunRow row) => TypedResults.Accepted($"/runs/{row.Id}", RunResource.Of(row, []));

    private static async Task<Outcome<RunRow>> QueueAsync(string id, JsonElement body, TrainParts parts)
    {
        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(body, errors);
        var dataset = request is null || !ResourceName.IsValid(request.Dataset) ? null : await ReadyAsync(request.Dataset, parts).ConfigureAwait(false);
        var known = dataset is { Succeeded: true } ? dataset.Value : null;
        var options = parts.Options.Value;
        var setting = new PlanSetting(id, known is null ? string.Empty : parts.Folders.Dataset(known.Name), options.CheckpointEvery, options.Threads);
        var plan = request is null ? null : TrainPlanner.Plan(request, known, setting, errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        if (dataset!.Problem is { } missing)
        {
            return missing;
        }

        if (Unfit(known!) is { } unfit)
        {
            return unfit;
        }

        if (TooLarge(plan!, options.MaxMemoryBytes) is { } tooLarge)
        {
            return tooLarge;
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
            options.MaxQueuedRuns).ConfigureAwait(false);
        if (added.Succeeded)
        {
            parts.Queue.Train(id);
        }

        return added;
    }

    private static async Task<Outcome<DatasetManifest>> ReadyAsync(string name, TrainParts parts) =>
        await parts.Datasets.FindAsync(name).ConfigureAwait(false) switch
        {
            null => Problem.NotFound("dataset.not-found", $"There is no data set '{name}'."),
            { Status: DatasetStatus.Importing } => Problem.Conflict("dataset.importing", $"The data set '{name}' is still being imported."),
            { Status: DatasetStatus.Failed } => Problem.Conflict("dataset.failed", $"The import of data set '{name}' failed."),
            _ => DatasetFolder.ReadManifest(parts.Folders.Dataset(name)),
        };

    /// <summary>A GPU's memory is known to the worker alone, which tells when it runs out.</summary>
    private static Problem? TooLarge(TrainingPlan plan, double most)
    {
        var bytes = TrainingMemory.Estimate(NetworkSpecValidator.Resolve(plan.Network, plan.Classes.Count, new())!, plan.BatchSize);
        return plan.Device == DeviceChoice.Cuda || bytes <= most ? null : Problem.Unprocessable(
            "training.too-large",
            FormattableString.Invariant($"The training would take about {bytes / 1048576:N0} MiB, at most {most / 1048576:N0} MiB are allowed: take a smaller batchSize, imageSize or network."));
    }

    /// <summary>What no network could learn from.</summary>
    private static Problem? Unfit(DatasetManifest dataset)
    {
        var empty = dataset.Classes.Where((_, label) => !dataset.Images.Any(image => image.Split == Split.Train && image.Label == label)).ToArray();
        return dataset.Classes.Count < 2
            ? Problem.Unprocessable("dataset.single-class", $"The data set '{dataset.Name}' has one class, '{dataset.Classes[0]}': two are needed to tell apart.")
            : empty.Length > 0
                ? Problem.Unprocessable("dataset.empty-class", $"Without training pictures in data set '{dataset.Name}': {string.Join(", ", empty)}.")
                : null;
    }
}

/// <summary>What starting a run needs.</summary>
internal sealed record TrainParts(
    RunStore Runs,
    DatasetStore Datasets,
    IdempotencyStore Keys,
    WorkQueue Queue,
    DataFolders Folders,
    IOptions<TrainingOptions> Options,
    TimeProvider Clock);
