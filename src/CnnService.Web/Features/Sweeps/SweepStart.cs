using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Api.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Sweeps;

/// <summary>Creates a sweep from a request: every trial is planned before any is queued.</summary>
/// <param name="Sweeps">The store of sweeps.</param>
/// <param name="Datasets">The store of data sets.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Registry">The models to start from.</param>
/// <param name="Queue">Queues the first trials.</param>
/// <param name="Folders">The folders of the data sets.</param>
/// <param name="Options">Limits of sweeps.</param>
/// <param name="Training">Settings of training runs.</param>
/// <param name="Clock">Provides the time for ids.</param>
internal sealed record SweepStart(
    SweepStore Sweeps,
    DatasetStore Datasets,
    IdempotencyStore Keys,
    ModelRegistry Registry,
    SweepQueue Queue,
    DataFolders Folders,
    IOptions<SweepOptions> Options,
    IOptions<TrainingOptions> Training,
    ITorchRuntime Torch,
    TimeProvider Clock)
{
    private const string Operation = "sweeps";

    private const int MaxBaseName = 49; // Of 64, leaving room for "-sweep-" and eight characters of the id.

    public Task<Outcome<SweepRow>> RunAsync(HttpRequest http, JsonElement body) =>
        new IdempotentRequest<SweepRow>(Keys, Operation, Sweeps.FindAsync, (id, cancel) => MakeAsync(id, body, cancel))
            .RunAsync(http, body, RunId.New(Clock));

    private async Task<Outcome<SweepRow>> MakeAsync(string id, JsonElement body, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var draft = SweepReader.Read(body, new(Options.Value.MaxTrials, Options.Value.MaxParallel), errors);
        var inputs = await TrainingInputs.FindAsync(Datasets, Registry, Folders, draft?.Dataset, draft?.StartFrom, cancel);
        var setting = inputs.Setting(string.Empty, Training.Value.CheckpointEvery, Training.Value.Threads);
        var trials = draft is null ? [] : SweepPlanner.Plan(draft, inputs.Known, setting, errors, cancel);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        if ((inputs.Missing ?? Unfit(inputs.Known!) ?? TooLarge(trials) ?? DiskSpaceCheck.Check(Folders))
            is { } problem)
        {
            return problem;
        }

        var sweep = Row(id, draft!, inputs.Known!, body);
        var added = await Sweeps.AddAsync(
            sweep, trials.Select((trial, i) => Row(sweep, i + 1, trial)), Options.Value.MaxRunning, cancel);
        if (added.Succeeded)
        {
            await Queue.AdvanceAsync(id);
        }

        return added;
    }

    /// <summary>Why a sweep cannot use the data set; null if it can. Trials are compared by validation metrics.</summary>
    private static Problem? Unfit(DatasetManifest dataset) => TrainableDataset.CheckTrainable(dataset)
        ?? (dataset.Images.CountOf(Split.Validation) > 0
            ? null
            : Problem.Unprocessable("dataset.no-validation",
                $"The data set '{dataset.Name}' has no validation images: trials cannot be compared."));

    private Problem? TooLarge(IEnumerable<PlannedTrial> trials) => trials
        .Select(trial => TrainingMemoryLimit.Check(trial.Training, Training.Value.MaxMemoryBytes, Torch))
        .FirstOrDefault(problem => problem is not null);

    private static SweepRow Row(string id, SweepDraft draft, DatasetManifest dataset, JsonElement body)
    {
        var model = draft.Model ?? dataset.Name;
        var request = draft.Request;
        return new()
        {
            Id = id,
            Name = request.Name ?? $"sweep-{id[^8..]}",
            Request = body.GetRawText(),
            Metric = request.Metric,
            Parallel = request.Parallel,
            Factor = request.Halving?.Factor,
            FirstEpochs = request.Halving?.FirstEpochs,
            Dataset = dataset.Name,
            DatasetRevision = dataset.Revision.Number,
            Model = $"{model[..Math.Min(model.Length, MaxBaseName)]}-sweep-{id[^8..]}",
        };
    }

    private static SweepTrialRow Row(SweepRow sweep, int number, PlannedTrial trial)
    {
        trial.Request["model"] = sweep.Model;
        return new()
        {
            SweepId = sweep.Id,
            Trial = number,
            Values = JsonSerializer.Serialize(trial.Values, CoreJson.Options),
            Request = trial.Request.ToJsonString(CoreJson.Options),
            Plan = JsonSerializer.Serialize(trial.Plan, CoreJson.Options),
        };
    }
}
