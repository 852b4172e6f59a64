using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>A training run: the truth about it. Times are UTC.</summary>
internal sealed class RunRow : LeasedRow
{
    public required string Id { get; set; }

    /// <summary>The request as it was sent, JSON.</summary>
    public required string Request { get; set; }

    /// <summary>The resolved plan, JSON.</summary>
    public required string Plan { get; set; }

    public required string Dataset { get; set; }

    public required string Model { get; set; }

    public int? Version { get; set; }

    /// <summary>The sweep it is a trial of.</summary>
    public string? SweepId { get; set; }

    public int Epoch { get; set; }

    public int Epochs { get; set; }

    public int Step { get; set; }

    public int Steps { get; set; }

    public double ImagesPerSecond { get; set; }

    public double? EtaSeconds { get; set; }

    public string? Device { get; set; }

    public string? Precision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The figures of one epoch of a run.</summary>
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

    /// <summary>The figures as the training told them; NaN where the row has none.</summary>
    public EpochMetrics Metrics() => new(
        Epoch, Loss ?? double.NaN, Accuracy ?? double.NaN, ValidationLoss ?? double.NaN, ValidationAccuracy ?? double.NaN, LearningRate,
        Seconds, ImagesPerSecond);
}

/// <summary>Something that happened to a run, numbered from 1 in the order it happened.</summary>
internal sealed class RunEventRow
{
    public required string RunId { get; set; }

    public int Sequence { get; set; }

    /// <summary>state, epoch or log.</summary>
    public required string Kind { get; set; }

    /// <summary>JSON.</summary>
    public required string Data { get; set; }
}

/// <summary>A data set and, while it is imported, where it comes from.</summary>
internal sealed class DatasetRow : CountedRow
{
    public required string Name { get; set; }

    /// <summary>JSON of the import to carry out: the row's work.</summary>
    public required string Import { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>What the state of the import means for the data set; no column.</summary>
    public DatasetStatus Status => Work.State switch
    {
        WorkState.Succeeded => DatasetStatus.Ready,
        WorkState.Failed or WorkState.Cancelled => DatasetStatus.Failed,
        _ => DatasetStatus.Importing,
    };
}

/// <summary>The life of a data set.</summary>
internal enum DatasetStatus
{
    Importing,
    Ready,
    Failed,
}

/// <summary>A published version of a model; its files lie in the models folder.</summary>
internal sealed class ModelVersionRow
{
    public required string Model { get; set; }

    public int Version { get; set; }

    /// <summary>The run it came from: one version a run.</summary>
    public string? RunId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A name for a version: production, candidate, …</summary>
internal sealed class AliasRow
{
    public required string Model { get; set; }

    public required string Alias { get; set; }

    public int Version { get; set; }

    /// <summary>The versions it named before, oldest first, separated by spaces: what a roll back goes back along.</summary>
    public string Before { get; set; } = string.Empty;
}

/// <summary>An answer given under an idempotency key.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>Operation and key.</summary>
    public required string Key { get; set; }

    public required string BodyHash { get; set; }

    /// <summary>The id or name of what was made.</summary>
    public required string Resource { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
