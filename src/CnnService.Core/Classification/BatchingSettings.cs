namespace CnnService.Core.Classification;

/// <summary>How a model's requests are batched; what is null is as the service's options say. Names as in Triton's model
/// configuration.</summary>
public sealed record BatchingSettings
{
    /// <summary>Images joined into one run of the network at most, 1 to 1024.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>How long an image may wait for company, 0 to 1000000 (1 s).</summary>
    public long? MaxQueueDelayMicroseconds { get; init; }

    /// <summary>Images waiting or under way at most, 1 to 100000; more are answered 503 at once.</summary>
    public int? MaxQueueSize { get; init; }

    /// <summary>From the queue to the answer, 100000 (0.1 s) to 600000000 (10 min).</summary>
    public long? DefaultTimeoutMicroseconds { get; init; }

    /// <summary>Runs of the network at once, each on all cores, 1 to 64; set, it ends that many callers are given a core each.</summary>
    public int? Instances { get; init; }
}

/// <summary>What models have been given of their own.</summary>
public interface IBatchingSettings
{
    /// <summary>Null where the model has none.</summary>
    BatchingSettings? Of(string model);
}
