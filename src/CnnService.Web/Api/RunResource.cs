using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Training;
using CnnService.Core.Training.Recipes;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api;

/// <summary>A training run in the API.</summary>
internal sealed record RunResource
{
    public required string Id { get; init; }

    public required WorkState State { get; init; }

    public required RunProgress Progress { get; init; }

    /// <summary>The training request as it was sent.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>What was chosen: the recipe, and the whole request that it stands for.</summary>
    public required ChosenRecipe Chosen { get; init; }

    /// <summary>
    /// In the answer that starts a run: what is wrong with its data set, in plain language; <c>GET /datasets/{name}/health</c> looks closer
    /// where it has not been asked yet. Null elsewhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HealthFinding>? Advice { get; init; }

    /// <summary>Labels of the workers that may take it; empty: any.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>From <c>GET /runs/{id}</c>, of a queued run: why no running worker can take it. Null elsewhere, and if one can.</summary>
    public string? WaitsFor { get; init; }

    public string? Device { get; init; }

    public string? Precision { get; init; }

    public RunMetrics? Metrics { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision; <c>dataset:revision</c> trains on the same images again.</summary>
    public required int DatasetRevision { get; init; }

    public required string Model { get; init; }

    /// <summary>The model version it produced; null until it has succeeded.</summary>
    public int? Version { get; init; }

    /// <summary>Whether it was asked to end before its last epoch, and published the best one until then.</summary>
    public bool EndedEarly { get; init; }

    /// <summary>Id of the sweep it is a trial of; null if none.</summary>
    public string? Sweep { get; init; }

    /// <summary>Why it failed or, for a cancelled trial, why the sweep stopped it; else null.</summary>
    public Failure? Failure { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static RunResource From(RunRow row, IReadOnlyList<EpochRow> history) => new()
    {
        Id = row.Id,
        State = row.Work.State,
        Progress = RunProgress.From(row),
        Request = JsonSerializer.Deserialize<JsonElement>(row.Request),
        Chosen = ChosenRecipe.Explain(JsonSerializer.Deserialize<JsonElement>(row.Request)),
        Requires = LeasedWork.Split(row.Work.Requires),
        Device = row.Device,
        Precision = WireName.Find<Precision>(row.Precision)?.ToWireName(),
        Metrics = history.Count == 0 ? null : RunMetrics.From(row, history),
        Dataset = row.Dataset,
        DatasetRevision = row.DatasetRevision,
        Model = row.Model,
        Version = row.Version,
        EndedEarly = row.FinishRequested && row.Work.State == WorkState.Succeeded && row.Epoch < row.Epochs,
        Sweep = row.SweepId,
        Failure = Failure.From(row.Work.Failure),
        CreatedAt = row.CreatedAt,
        StartedAt = row.Work.StartedAt,
        FinishedAt = row.Work.FinishedAt,
    };
}

/// <summary>What a training request stands for.</summary>
/// <param name="Recipe">The recipe; null where the request names none and starts from a model.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Request">The request with the recipe's fields; those that were sent win.</param>
internal sealed record ChosenRecipe(string? Recipe, string? Summary, JsonElement Request)
{
    public static ChosenRecipe Explain(JsonElement body)
    {
        var (recipe, request) = RecipeCatalog.Explain(body);
        return new(recipe?.Name, recipe?.Summary, request);
    }
}

/// <summary>The progress of a training run.</summary>
/// <param name="Epoch">The epoch in progress, one-based; 0 before the first step.</param>
/// <param name="Epochs">Number of planned epochs.</param>
/// <param name="Step">Completed steps of the epoch.</param>
/// <param name="Steps">Steps per epoch.</param>
/// <param name="Part">The part under way, or the last one; null before the first.</param>
/// <param name="PartFraction">Completed fraction of that part, 0–1.</param>
/// <param name="Fraction">Completed fraction of the whole run by time, from preparing to publishing, 0–1.</param>
/// <param name="ImagesPerSecond">Throughput of the part over the last seconds.</param>
/// <param name="EtaSeconds">Estimated remaining seconds of the whole run; null if it is not running.</param>
internal sealed record RunProgress(
    int Epoch, int Epochs, int Step, int Steps, RunPart? Part, double PartFraction, double Fraction, double ImagesPerSecond,
    double? EtaSeconds)
{
    public static RunProgress From(RunRow row)
    {
        var isOver = row.Work.State == WorkState.Succeeded;
        return new(row.Epoch, row.Epochs, row.Step, row.Steps, WireName.Find<RunPart>(row.Part), isOver ? 1 : row.PartShare,
            isOver ? 1 : row.Fraction, row.ImagesPerSecond, row.Work.State == WorkState.Running ? row.EtaSeconds : null);
    }
}

/// <summary>The metrics of a training run.</summary>
/// <param name="Last">The last completed epoch.</param>
/// <param name="Best">
/// The epoch whose weights are kept: that with the smallest validation loss or, if no epoch was validated, training loss. Once a version
/// is published, its validation figures are the version's.
/// </param>
internal sealed record RunMetrics(EpochResource Last, EpochResource Best)
{
    /// <param name="row">The run.</param>
    /// <param name="history">Its completed epochs in order; at least one.</param>
    public static RunMetrics From(RunRow row, IReadOnlyList<EpochRow> history)
    {
        var best = EpochResource.From(history[EpochSelection.BestIndex([.. history.Select(epoch => epoch.Metrics())])]);
        return new(EpochResource.From(history[^1]), best with
        {
            ValidationLoss = row.VersionLoss ?? best.ValidationLoss,
            ValidationAccuracy = row.VersionAccuracy ?? best.ValidationAccuracy,
        });
    }
}

/// <summary>The metrics of an epoch; a metric that is not finite or was not measured is null.</summary>
internal sealed record EpochResource(
    int Epoch, double? Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, double LearningRate, double Seconds,
    double ImagesPerSecond)
{
    public static EpochResource From(EpochRow row) => new(
        row.Epoch, row.Loss, row.Accuracy, row.ValidationLoss, row.ValidationAccuracy, row.LearningRate, row.Seconds, row.ImagesPerSecond);
}
