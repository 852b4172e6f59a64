using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>A training run; the authoritative record of its state. Times are UTC.</summary>
internal sealed class RunRow : LeasedRow
{
    public required string Id { get; set; }

    /// <summary>The request as it was sent, as JSON.</summary>
    public required string Request { get; set; }

    /// <summary>The resolved plan, as JSON.</summary>
    public required string Plan { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    public required string Model { get; set; }

    public int? Version { get; set; }

    /// <summary>
    /// Validation loss of the version, nats, which may be of other images than those of its epochs; null where nothing was validated, for
    /// runs without a version, and for those of older releases.
    /// </summary>
    public double? VersionLoss { get; set; }

    /// <summary>Validation accuracy of the version, 0–1; null as <see cref="VersionLoss"/>.</summary>
    public double? VersionAccuracy { get; set; }

    /// <summary>Id of the sweep it is a trial of; null if none.</summary>
    public string? SweepId { get; set; }

    public int Epoch { get; set; }

    public int Epochs { get; set; }

    public int Step { get; set; }

    public int Steps { get; set; }

    public double ImagesPerSecond { get; set; }

    public double? EtaSeconds { get; set; }

    /// <summary>Whether it is to end with the best epoch so far instead of the last.</summary>
    public bool FinishRequested { get; set; }

    /// <summary>The part under way, or the last one; null before the first.</summary>
    public string? Part { get; set; }

    /// <summary>How much of the part is done, 0–1.</summary>
    public double PartShare { get; set; }

    /// <summary>How much of the run is done, by time, 0–1.</summary>
    public double Fraction { get; set; }

    public string? Device { get; set; }

    public string? Precision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>
    /// Key of the listing of what its last attempt left in the store of artifacts, up to its newest checkpoint that is there; null: its
    /// files are in the data directory.
    /// </summary>
    public string? Files { get; set; }

    /// <summary>Takes the figures of the version that it published.</summary>
    public void Take(ModelMetrics? published) =>
        (VersionLoss, VersionAccuracy) = (published?.ValidationLoss, published?.ValidationAccuracy);
}

/// <summary>The metrics of one epoch of a run.</summary>
internal sealed class EpochRow
{
    public required string RunId { get; set; }

    public int Epoch { get; set; }

    public double? Loss { get; set; }

    public double? Accuracy { get; set; }

    public double? ValidationLoss { get; set; }

    public double? ValidationAccuracy { get; set; }

    public double LearningRate { get; set; }

    public double Seconds { get; set; }

    public double ImagesPerSecond { get; set; }

    public static EpochRow From(string run, EpochMetrics metrics)
    {
        var row = new EpochRow { RunId = run, Epoch = metrics.Epoch };
        row.Take(metrics);
        return row;
    }

    /// <summary>Replaces the metrics; values that are not finite are not stored.</summary>
    public void Take(EpochMetrics metrics)
    {
        (Loss, Accuracy) = (Finite.OrNull(metrics.Loss), Finite.OrNull(metrics.Accuracy));
        (ValidationLoss, ValidationAccuracy) = (Finite.OrNull(metrics.ValidationLoss), Finite.OrNull(metrics.ValidationAccuracy));
        (LearningRate, Seconds, ImagesPerSecond) = (metrics.LearningRate, metrics.Seconds, Finite.OrNull(metrics.ImagesPerSecond) ?? 0);
    }

    /// <summary>The metrics as the training reported them; NaN for missing values.</summary>
    public EpochMetrics Metrics() => new(
        Epoch, Loss ?? double.NaN, Accuracy ?? double.NaN, ValidationLoss ?? double.NaN, ValidationAccuracy ?? double.NaN, LearningRate,
        Seconds, ImagesPerSecond);
}

/// <summary>An event of a run, numbered from 1 in order of occurrence.</summary>
internal sealed class RunEventRow
{
    public required string RunId { get; set; }

    public int Sequence { get; set; }

    /// <summary><c>state</c>, <c>part</c>, <c>epoch</c> or <c>log</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>JSON.</summary>
    public required string Data { get; set; }
}

/// <summary>A data set and, for its import, its source.</summary>
internal sealed class DatasetRow : CountedRow
{
    public required string Name { get; set; }

    /// <summary>The import to carry out, as JSON.</summary>
    public required string Import { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Key of the listing of its files in the store of artifacts; null: they are in the data directory.</summary>
    public string? Files { get; set; }

    /// <summary>The data set's status, derived from the state of its import; not a column.</summary>
    public DatasetStatus Status => Work.State switch
    {
        WorkState.Succeeded => DatasetStatus.Ready,
        WorkState.Failed or WorkState.Cancelled => DatasetStatus.Failed,
        _ => DatasetStatus.Importing,
    };
}

/// <summary>Status of a data set.</summary>
internal enum DatasetStatus
{
    Importing,
    Ready,
    Failed,
}

/// <summary>A published model version; its files are in the models folder.</summary>
internal sealed class ModelVersionRow
{
    public required string Model { get; set; }

    public int Version { get; set; }

    /// <summary>Id of the run or import that produced it; each yields one version.</summary>
    public string? RunId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Key of the listing of its files in the store of artifacts; null: they are in the data directory.</summary>
    public string? Files { get; set; }
}

/// <summary>An alias of a version, such as production or candidate.</summary>
internal sealed class AliasRow
{
    public required string Model { get; set; }

    public required string Alias { get; set; }

    public int Version { get; set; }

    /// <summary>The versions it named before, oldest first, separated by spaces; used by roll backs.</summary>
    public string Before { get; set; } = string.Empty;
}

/// <summary>A resource created under an idempotency key.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>The operation and the key, joined.</summary>
    public required string Key { get; set; }

    public required string BodyHash { get; set; }

    /// <summary>Id or name of the created resource.</summary>
    public required string Resource { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
