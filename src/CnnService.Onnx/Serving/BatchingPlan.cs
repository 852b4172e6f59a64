using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>Effective batching of one model: its own settings, else the service's options, else the default of the device.</summary>
/// <param name="MaxBatchSize">Max images in one run.</param>
/// <param name="MaxQueueDelay">How long a batch that is not full waits for more requests.</param>
/// <param name="MaxQueueSize">Max images queued or running.</param>
/// <param name="DefaultTimeout">Time limit from the reservation of a place in the queue to the answer.</param>
/// <param name="Instances">Concurrent runs that each use all threads.</param>
/// <param name="CoreRuns">Concurrent runs on one core each, used once there are as many callers; 0 if every run uses all threads.</param>
public sealed record BatchingPlan(
    int MaxBatchSize, TimeSpan MaxQueueDelay, int MaxQueueSize, TimeSpan DefaultTimeout, int Instances, int CoreRuns = 0)
{
    /// <summary>The arithmetic of versions that have it.</summary>
    public ServingPrecision Precision { get; init; }

    /// <param name="model">Name of the model.</param>
    /// <param name="own">Settings made for the model by a request; null if there are none.</param>
    /// <param name="options">Options of the service.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
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
            instances is null && !onGpu && threads > 1 ? threads : 0)
        {
            Precision = onGpu ? ServingPrecision.Float32 : own?.Precision ?? set?.Precision ?? ServingPrecision.Float32,
        };
    }

    /// <summary>The settings that are out of range, each with the rule it breaks.</summary>
    public static IEnumerable<(string Name, string Rule)> BrokenRules(BatchingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (string Name, long? Value, long Min, long Max)[] ranges =
        [
            (nameof(settings.MaxBatchSize), settings.MaxBatchSize, 1, 1024),
            (nameof(settings.MaxQueueDelayMicroseconds), settings.MaxQueueDelayMicroseconds, 0, 1_000_000),
            (nameof(settings.MaxQueueSize), settings.MaxQueueSize, 1, 100_000),
            (nameof(settings.DefaultTimeoutMicroseconds), settings.DefaultTimeoutMicroseconds, 100_000, 600_000_000),
            (nameof(settings.Instances), settings.Instances, 1, 64),
        ];
        return ranges.Where(range => range.Value < range.Min || range.Value > range.Max)
            .Select(range => (range.Name, $"must be between {range.Min} and {range.Max}, received {range.Value}"));
    }

    private static TimeSpan? Time(long? microseconds) => microseconds is { } some ? TimeSpan.FromMicroseconds(some) : null;
}
