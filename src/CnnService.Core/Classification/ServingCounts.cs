namespace CnnService.Core.Classification;

/// <summary>What serving a version has come to: how many images in how many runs, and how long each stage took. Immutable.</summary>
public sealed record ServingCounts
{
    /// <summary>When a run last ended; null before the first.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Images that were answered.</summary>
    public long Images { get; init; }

    /// <summary>Runs of the network.</summary>
    public long Runs { get; init; }

    /// <summary>Requests that were answered, from the queue to the answer.</summary>
    public DurationStatistics Succeeded { get; init; }

    /// <summary>Requests that were refused, too late or failed.</summary>
    public DurationStatistics Failed { get; init; }

    /// <summary>Waiting for a batch.</summary>
    public DurationStatistics Queue { get; init; }

    /// <summary>Preparing the network's input, by run.</summary>
    public DurationStatistics Input { get; init; }

    /// <summary>Running the network, by run.</summary>
    public DurationStatistics Inference { get; init; }

    /// <summary>Taking the outputs apart, by run.</summary>
    public DurationStatistics Output { get; init; }

    /// <summary>By images in a run.</summary>
    public IReadOnlyDictionary<int, BatchStatistics> Batches { get; init; } = new Dictionary<int, BatchStatistics>();

    /// <summary>Memory that the loaded version is reckoned at, in bytes; 0 where it is not loaded.</summary>
    public long MemoryBytes { get; init; }
}

/// <summary>How often, and how long in all.</summary>
public readonly record struct DurationStatistics(long Count, TimeSpan Time)
{
    public DurationStatistics Plus(TimeSpan time) => new(Count + 1, Time + time);
}

/// <summary>The stages of runs of one batch size.</summary>
public readonly record struct BatchStatistics(DurationStatistics Input, DurationStatistics Inference, DurationStatistics Output);
