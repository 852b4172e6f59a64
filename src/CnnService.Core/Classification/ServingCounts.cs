namespace CnnService.Core.Classification;

/// <summary>Serving statistics of a version: images, runs and the time of each stage. Immutable.</summary>
public sealed record ServingCounts
{
    /// <summary>End of the last run; null before the first.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Images answered.</summary>
    public long Images { get; init; }

    /// <summary>Runs of the network.</summary>
    public long Runs { get; init; }

    /// <summary>Answered requests, timed from the queue to the answer.</summary>
    public DurationStatistics Succeeded { get; init; }

    /// <summary>Requests that were refused, timed out or failed.</summary>
    public DurationStatistics Failed { get; init; }

    /// <summary>Time in the queue, per request.</summary>
    public DurationStatistics Queue { get; init; }

    /// <summary>Time to prepare the network's input, per run.</summary>
    public DurationStatistics Input { get; init; }

    /// <summary>Time in the network, per run.</summary>
    public DurationStatistics Inference { get; init; }

    /// <summary>Time to copy the outputs, per run.</summary>
    public DurationStatistics Output { get; init; }

    /// <summary>Stages by batch size.</summary>
    public IReadOnlyDictionary<int, BatchStatistics> Batches { get; init; } = new Dictionary<int, BatchStatistics>();

    /// <summary>Estimated memory of the loaded version in bytes; 0 if it is not loaded.</summary>
    public long MemoryBytes { get; init; }
}

/// <summary>A count of events and their total time.</summary>
public readonly record struct DurationStatistics(long Count, TimeSpan Time)
{
    public DurationStatistics Plus(TimeSpan time) => new(Count + 1, Time + time);
}

/// <summary>Time of the stages for runs of one batch size.</summary>
public readonly record struct BatchStatistics(DurationStatistics Input, DurationStatistics Inference, DurationStatistics Output);
