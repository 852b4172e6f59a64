namespace CnnService.Core.Classification;

/// <summary>Batching of one model's requests; null takes the service's option.</summary>
public sealed record BatchingSettings
{
    /// <summary>Most images in one run of the network, 1 to 1024.</summary>
    public int? MaxBatchSize { get; init; }

    /// <summary>How long a batch that is not full waits for more images, in microseconds, 0 to 1000000 (1 s).</summary>
    public long? MaxQueueDelayMicroseconds { get; init; }

    /// <summary>Most images queued or running, 1 to 100000; more are answered 503 at once.</summary>
    public int? MaxQueueSize { get; init; }

    /// <summary>Time limit from entering the queue to the answer, in microseconds, 100000 (0.1 s) to 600000000 (10 min).</summary>
    public long? DefaultTimeoutMicroseconds { get; init; }

    /// <summary>
    /// Concurrent runs of the network, each on all cores, 1 to 64; if set, runs on one core each are no longer used for many callers.
    /// </summary>
    public int? Instances { get; init; }

    /// <summary>The arithmetic, <c>float32</c> or <c>int8</c>; null is <c>float32</c>.</summary>
    public ServingPrecision? Precision { get; init; }
}

/// <summary>Gives the batching settings that requests have made for models. Thread safe.</summary>
public interface IBatchingSettings
{
    /// <summary>The settings of a model; null if there are none.</summary>
    BatchingSettings? Find(string model);
}
