using System.Collections.Concurrent;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IClassifier"/>
/// <remarks>
/// Keeps the most recently used versions, bounded in number and in memory. The statistics of a version outlive its eviction. A version with
/// a run that does not end is opened anew; the run keeps its thread and the memory of its session.
/// </remarks>
internal sealed class ModelInstanceCache : IClassifier, IServingRuns, IAsyncDisposable
{
    /// <summary>How long the end of runs in progress is waited for when the service ends.</summary>
    private static readonly TimeSpan DisposeWithin = TimeSpan.FromSeconds(10);

    private readonly ServingOptions _options;
    private readonly BatchingPlans _plans;
    private readonly IServingDevice _device;
    private readonly TimeProvider _time;
    private readonly LeasedPool<string, ModelInstance> _instances;
    private readonly ConcurrentDictionary<string, ServingStatistics> _statistics = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private Task _releasing = Task.CompletedTask; // Guarded by _gate.
    private int _leftBehind;

    public ModelInstanceCache(IOptions<ServingOptions> options, BatchingPlans plans, IServingDevice device, TimeProvider time)
    {
        (_options, _plans, _device, _time) = (options.Value, plans, device, time);
        var bounds = new LeasedPoolBounds { MaxCount = _options.MaxLoadedModels, MaxBytes = (long)_options.MemoryMebibytes << 20 };
        _instances = new(bounds, Release, instance => instance.Bytes);
    }

    public int LeftBehind => Volatile.Read(ref _leftBehind);

    Outcome<IQueueReservation> IClassifier.Reserve(LoadedModel model, int images) =>
        Reserve(model, images).Map<IQueueReservation>(reservation => reservation);

    /// <inheritdoc cref="IClassifier.Reserve"/>
    public Outcome<QueueReservation> Reserve(LoadedModel model, int images)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var lease = Acquire(model);
        if (lease.Value.TryReserve(images))
        {
            return new QueueReservation(lease, images, StatisticsOf(model), _time);
        }

        var plan = lease.Value.Plan;
        lease.Dispose();
        ClassifyMetrics.Refused("classify.queue-full");
        StatisticsOf(model).RecordFailure(TimeSpan.Zero);
        return new Problem(
            ProblemKind.Unavailable,
            "classify.queue-full",
            $"Only {plan.MaxQueueSize} images may wait for the model '{model.Name}' at once; {images} more are too many now.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    /// <summary>A reservation without queue places, for loading and describing the version.</summary>
    public QueueReservation AcquireUnqueued(LoadedModel model) => new(Acquire(model), 0, StatisticsOf(model), _time);

    public async ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var use = AcquireUnqueued(model);
        return (await use.OpenedAsync(cancel)).Problem;
    }

    public void Unload(string folder) => _instances.Evict(
        key => key == folder || key.StartsWith($"{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    public ServingStatistics StatisticsOf(LoadedModel model) => _statistics.GetOrAdd(model.Folder, _ => new ServingStatistics(_time));

    /// <summary>Estimated memory of a version in bytes; 0 if it is not loaded.</summary>
    public long MemoryOf(LoadedModel model) => _instances.BytesOf(model.Folder);

    public async ValueTask DisposeAsync()
    {
        _instances.Dispose();
        Task releasing;
        lock (_gate)
        {
            releasing = _releasing;
        }

        await Task.WhenAny(releasing, Task.Delay(DisposeWithin, _time));
    }

    private LeasedPool<string, ModelInstance>.Lease Acquire(LoadedModel model)
    {
        while (true)
        {
            var lease = _instances.Acquire(model.Folder, () => Open(model)).Value;
            if (lease.Value.LongestRun < _options.RunLimit)
            {
                return lease;
            }

            if (lease.Value.LeaveBehind())
            {
                Interlocked.Increment(ref _leftBehind);
            }

            lease.Discard();
        }
    }

    /// <summary>Returns at once so that requests can queue while the sessions are being opened.</summary>
    private Outcome<ModelInstance> Open(LoadedModel model)
    {
        var (plan, _) = _plans.Resolve(model.Name);
        var statistics = StatisticsOf(model);
        return new ModelInstance(
            model, plan, VersionLoader.LoadAsync(model, plan, statistics, _options.Threads, Target(), _time), _time);
    }

    private Outcome<RunTarget> Target() => _device.Device.Map(device => RunTarget.From(device, _options.Cuda));

    private void Release(ModelInstance instance)
    {
        var ending = instance.DisposeAsync().AsTask();
        if (instance.IsLeftBehind)
        {
            return; // It is freed if its run ends after all.
        }

        lock (_gate)
        {
            _releasing = _releasing.IsCompletedSuccessfully ? ending : Task.WhenAll(_releasing, ending);
        }
    }
}
