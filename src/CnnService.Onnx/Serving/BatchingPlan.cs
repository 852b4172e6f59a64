using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>How the requests of one version are batched: the model's own settings, else the options, else what suits the device.</summary>
/// <param name="MaxBatchSize">Images in a run at most.</param>
/// <param name="MaxQueueDelay">Waiting for company at most.</param>
/// <param name="MaxQueueSize">Images waiting or under way at most.</param>
/// <param name="DefaultTimeout">From the queue to the answer.</param>
/// <param name="Instances">Runs at once.</param>
/// <param name="CoreRuns">Runs at once as soon as there are as many callers, each on one core; 0 where a run always has all
/// threads.</param>
public sealed record BatchingPlan(
    int MaxBatchSize, TimeSpan MaxQueueDelay, int MaxQueueSize, TimeSpan DefaultTimeout, int Instances, int CoreRuns = 0)
{
    /// <param name="model">Its name.</param>
    /// <param name="own">What it was given by a call; null for nothing.</param>
    /// <param name="options">The service's.</param>
    /// <param name="device">cpu or cuda.</param>
    public static BatchingPlan For(string model, BatchingSettings? own, ServingOptions options, string device)
    {
        ArgumentNullException.ThrowIfNull(options);
        var set = options.Models.GetValueOrDefault(model);
        var onGpu = device == ServingDevice.Cuda;
        var instances = own?.Instances ?? set?.Instances ?? options.Instances;
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        return new(
            own?.MaxBatchSize ?? set?.MaxBatchSize ?? options.MaxBatchSize ?? (onGpu ? 32 : 8),
            Time(own?.MaxQueueDelayMicroseconds ?? set?.MaxQueueDelayMicroseconds) ?? options.MaxQueueDelay
            ?? (onGpu ? TimeSpan.FromMilliseconds(2) : TimeSpan.Zero),
            own?.MaxQueueSize ?? set?.MaxQueueSize ?? options.MaxQueueSize,
            Time(own?.DefaultTimeoutMicroseconds ?? set?.DefaultTimeoutMicroseconds) ?? options.DefaultTimeout,
            instances ?? (onGpu ? 2 : 1),
            instances is null && !onGpu && threads > 1 ? threads : 0);
    }

    /// <summary>The settings that are out of range, each with its rule.</summary>
    public static IEnumerable<(string Name, string Rule)> BrokenRules(BatchingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (string Name, long? Value, long Least, long Most)[] ranges =
        [
            (nameof(settings.MaxBatchSize), settings.MaxBatchSize, 1, 1024),
            (nameof(settings.MaxQueueDelayMicroseconds), settings.MaxQueueDelayMicroseconds, 0, 1_000_000),
            (nameof(settings.MaxQueueSize), settings.MaxQueueSize, 1, 100_000),
            (nameof(settings.DefaultTimeoutMicroseconds), settings.DefaultTimeoutMicroseconds, 100_000, 600_000_000),
            (nameof(settings.Instances), settings.Instances, 1, 64),
        ];
        return ranges.Where(range => range.Value < range.Least || range.Value > range.Most)
            .Select(range => (range.Name, $"must be between {range.Least} and {range.Most}, received {range.Value}"));
    }

    private static TimeSpan? Time(long? microseconds) => microseconds is { } some ? TimeSpan.FromMicroseconds(some) : null;
}
