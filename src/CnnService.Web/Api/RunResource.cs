using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api;

/// <summary>A training run as the API shows it.</summary>
internal sealed record RunResource
{
    public required string Id { get; init; }

    public required RunState State { get; init; }

    public required RunProgress Progress { get; init; }

    /// <summary>The request as it was sent.</summary>
    public required JsonElement Request { get; init; }

    public string? Device { get; init; }

    public string? Precision { get; init; }

    public RunMetrics? Metrics { get; init; }

    public required string Model { get; init; }

    /// <summary>The version it became; null until it succeeded.</summary>
    public int? Version { get; init; }

    /// <summary>The sweep it is a trial of.</summary>
    public string? Sweep { get; init; }

    /// <summary>What it failed with; of a cancelled run, why its sweep stopped it.</summary>
    public Failure? Failure { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public static RunResource Of(RunRow row, IReadOnlyList<EpochRow> history) => new()
    {
        Id = row.Id,
        State = row.State,
        Progress = RunProgress.Of(row),
        Request = JsonSerializer.Deserialize<JsonElement>(row.Request),
        Device = row.Device,
        Precision = WireName.Find<Precision>(row.Precision)?.ToWireName(),
        Metrics = history.Count == 0 ? null : RunMetrics.From(history),
        Model = row.Model,
        Version = row.Version,
        Sweep = row.SweepId,
        Failure = row.Failure is null ? null : JsonSerializer.Deserialize<Failure>(row.Failure, CoreJson.Options),
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
    };
}

/// <param name="Epoch">The epoch under way, from 1; 0 before the first step.</param>
/// <param name="Epochs">Epochs planned.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Fraction">Share of the whole run done, 0–1.</param>
/// <param name="ImagesPerSecond">Training pictures, over the last seconds.</param>
/// <param name="EtaSeconds">Seconds left at that speed; null where unknown.</param>
internal sealed record RunProgress(int Epoch, int Epochs, int Step, int Steps, double Fraction, double ImagesPerSecond, double? EtaSeconds)
{
    public static RunProgress Of(RunRow row)
    {
        var done = row.Epoch == 0 ? 0 : row.Epoch - 1 + (row.Step / (double)Math.Max(1, row.Steps));
        var fraction = row.State == RunState.Succeeded ? 1 : Math.Min(1, done / Math.Max(1, row.Epochs));
        return new(row.Epoch, row.Epochs, row.Step, row.Steps, fraction, row.ImagesPerSecond, row.EtaSeconds);
    }
}

/// <param name="Last">The newest epoch.</param>
/// <param name="Best">The epoch whose weights are kept: the smallest validation loss among the validated epochs; training loss where none was.</param>
internal sealed record RunMetrics(EpochResource Last, EpochResource Best)
{
    /// <param name="history">At least one epoch, in order.</param>
    public static RunMetrics From(IReadOnlyList<EpochRow> history) => new(
        EpochResource.Of(history[^1]), EpochResource.Of(history[EpochSelection.Best([.. history.Select(epoch => epoch.Metrics())])]));
}

/// <summary>The figures of an epoch; null where a figure is not finite or was not measured.</summary>
internal sealed record EpochResource(
    int Epoch, double? Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, double LearningRate, double Seconds, double ImagesPerSecond)
{
    public static EpochResource Of(EpochRow row) => new(
        row.Epoch, row.Loss, row.Accuracy, row.ValidationLoss, row.ValidationAccuracy, row.LearningRate, row.Seconds, row.ImagesPerSecond);
}
