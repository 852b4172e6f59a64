using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Training;
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

    /// <summary>
    /// In the answer that starts a run: what is wrong with its data set, in plain language; <c>GET /datasets/{name}/health</c> looks closer
    /// where it has not been asked yet. Null elsewhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HealthFinding>? Advice { get; init; }

    public string? Device { get; init; }

    public string? Precision { get; init; }

    public RunMetrics? Metrics { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision; <c>dataset:revision</c> trains on the same images again.</summary>
    public required int DatasetRevision { get; init; }

    public required string Model { get; init; }

    /// <summary>The model version it produced; null until it has succeeded.</summary>
    public int? Version { get; init; }

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
        Device = row.Device,
        Precision = WireName.Find<Precision>(row.Precision)?.ToWireName(),
        Metrics = history.Count == 0 ? null : RunMetrics.From(history),
        Dataset = row.Dataset,
        DatasetRevision = row.DatasetRevision,
        Model = row.Model,
        Version = row.Version,
        Sweep = row.SweepId,
        Failure = Failure.From(row.Work.Failure),
        CreatedAt = row.CreatedAt,
        StartedAt = row.Work.StartedAt,
        FinishedAt = row.Work.FinishedAt,
    };
}

/// <summary>The progress of a training run.</summary>
/// <param name="Epoch">The epoch in progress, one-based; 0 before the first step.</param>
/// <param name="Epochs">Number of planned epochs.</param>
/// <param name="Step">Completed steps of the epoch.</param>
/// <param name="Steps">Steps per epoch.</param>
/// <param name="Fraction">Completed fraction of the whole run, 0–1.</param>
/// <param name="ImagesPerSecond">Training throughput over the last seconds.</param>
/// <param name="EtaSeconds">Estimated remaining seconds; null if unknown.</param>
internal sealed record RunProgress(int Epoch, int Epochs, int Step, int Steps, double Fraction, double ImagesPerSecond, double? EtaSeconds)
{
    public static RunProgress From(RunRow row)
    {
        var done = row.Epoch == 0 ? 0 : row.Epoch - 1 + (row.Step / (double)Math.Max(1, row.Steps));
        var fraction = row.Work.State == WorkState.Succeeded ? 1 : Math.Min(1, done / Math.Max(1, row.Epochs));
        return new(row.Epoch, row.Epochs, row.Step, row.Steps, fraction, row.ImagesPerSecond,
            row.Work.State == WorkState.Running ? row.EtaSeconds : null);
    }
}

/// <summary>The metrics of a training run.</summary>
/// <param name="Last">The last completed epoch.</param>
/// <param name="Best">
/// The epoch whose weights are kept: that with the smallest validation loss or, if no epoch was validated, training loss.
/// </param>
internal sealed record RunMetrics(EpochResource Last, EpochResource Best)
{
    /// <param name="history">Completed epochs in order; at least one.</param>
    public static RunMetrics From(IReadOnlyList<EpochRow> history) => new(
        EpochResource.From(history[^1]),
        EpochResource.From(history[EpochSelection.BestIndex([.. history.Select(epoch => epoch.Metrics())])]));
}

/// <summary>The metrics of an epoch; a metric that is not finite or was not measured is null.</summary>
internal sealed record EpochResource(
    int Epoch, double? Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, double LearningRate, double Seconds,
    double ImagesPerSecond)
{
    public static EpochResource From(EpochRow row) => new(
        row.Epoch, row.Loss, row.Accuracy, row.ValidationLoss, row.ValidationAccuracy, row.LearningRate, row.Seconds, row.ImagesPerSecond);
}
