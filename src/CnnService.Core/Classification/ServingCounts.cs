namespace CnnService.Core.Classification;

/// <summary>What serving a version has come to: how many pictures in how many runs, and how long each stage took. Immutable.</summary>
public sealed record ServingCounts
{
    /// <summary>When a run last ended; null before the first.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Pictures that were answered.</summary>
    public long Pictures { get; init; }

    /// <summary>Runs of the network.</summary>
    public long Runs { get; init; }

    /// <summary>Requests that were answered, from the queue to the answer.</summary>
    public Spent Succeeded { get; init; }

    /// <summary>Requests that were refused, too late or failed.</summary>
    public Spent Failed { get; init; }

    /// <summary>Waiting for a batch.</summary>
    public Spent Queue { get; init; }

    /// <summary>Preparing the network's input, by run.</summary>
    public Spent Input { get; init; }

    /// <summary>Running the network, by run.</summary>
    public Spent Inference { get; init; }

    /// <summary>Taking the outputs apart, by run.</summary>
    public Spent Output { get; init; }

    /// <summary>By pictures in a run.</summary>
    public IReadOnlyDictionary<int, BatchSpent> Batches { get; init; } = new Dictionary<int, BatchSpent>();

    /// <summary>Memory that the loaded version is reckoned at, in bytes; 0 where it is not loaded.</summary>
    public long MemoryBytes { get; init; }
}

/// <summary>How often, and how long in all.</summary>
public readonly record struct Spent(long Count, TimeSpan Time)
{
    public Spent Plus(TimeSpan time) => new(Count + 1, Time + time);
}

/// <summary>The stages of runs of one batch size.</summary>
public readonly record struct BatchSpent(Spent Input, Spent Inference, Spent Output);
