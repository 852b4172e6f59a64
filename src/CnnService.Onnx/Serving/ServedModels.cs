using System.Collections.Concurrent;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>
/// The loaded versions, each behind its batcher; the longest unused go when there are too many, or when they take too much memory. One
/// that goes while it is used goes when its last user leaves; whoever comes after gets a new one.
/// </summary>
internal sealed class ServedModels(IOptions<ServingOptions> options, ServingPlans plans, IServingDevice device, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ServingTally> _tallies = new(StringComparer.Ordinal);

    // Guarded by _gate, as are the counters in the values.
    private readonly Dictionary<string, Served> _loaded = [];
    private long _clock;
    private Task _retiring = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Takes places in the version's queue, all or none; loads it where it is not loaded.</summary>
    public Outcome<Places> Enter(LoadedModel model, int pictures)
    {
        var served = Use(model);
        if (served.TryTake(pictures))
        {
            return new Places(this, model, served, pictures, time);
        }

        Leave(model.Folder, served);
        ClassifyMetrics.Refused("classify.queue-full");
        Tally(model).Failed(TimeSpan.Zero);
        return new Problem(
            ProblemKind.Unavailable,
            "classify.queue-full",
            $"Only {served.Plan.MaxQueueSize} pictures may wait for the model '{model.Name}' at once; {pictures} more are too many now.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    /// <summary>Uses the version without a place in its queue.</summary>
    public Places Look(LoadedModel model) => new(this, model, Use(model), 0, time);

    public ServingTally Tally(LoadedModel model) => _tallies.GetOrAdd(model.Folder, _ => new ServingTally(time));

    /// <summary>What a version is reckoned at; 0 where it is not loaded.</summary>
    public long MemoryOf(LoadedModel model)
    {
        lock (_gate)
        {
            return _loaded.GetValueOrDefault(model.Folder)?.Bytes ?? 0;
        }
    }

    public void Unload(string folder)
    {
        lock (_gate)
        {
            if (_loaded.Remove(folder, out var served))
            {
                Retire(served);
            }
        }
    }

    /// <summary>A user of the version has finished.</summary>
    public void Leave(string folder, Served served)
    {
        lock (_gate)
        {
            served.Users--;
            if (served.HasFailed && _loaded.GetValueOrDefault(folder) == served)
            {
                _loaded.Remove(folder); // A repaired file is tried again by the next request.
            }

            if (served is { Users: 0, Retired: true })
            {
                Retire(served);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _disposed = true;
            ending = [_retiring, .. _loaded.Values.Select(served => served.DisposeAsync().AsTask())];
            _loaded.Clear();
        }

        await Task.WhenAll(ending);
    }

    private Served Use(LoadedModel model)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loaded.TryGetValue(model.Folder, out var served))
            {
                var (plan, _) = plans.Of(model.Name);
                var bytes = VersionLoader.MemoryOf(model, plan);
                MakeRoom(bytes);
                _loaded[model.Folder] = served = new Served(plan, bytes, VersionLoader.LoadAsync(model, plan, Tally(model), options.Value.Threads, device.Device, time));
            }

            served.Users++;
            served.LastUse = ++_clock;
            return served;
        }
    }

    private void MakeRoom(long bytes)
    {
        var budget = (long)options.Value.MemoryMebibytes << 20;
        while (_loaded.Count > 0 && (_loaded.Count >= options.Value.MaxLoadedModels || _loaded.Values.Sum(served => served.Bytes) + bytes > budget))
        {
            var (folder, oldest) = _loaded.MinBy(entry => entry.Value.LastUse);
            _loaded.Remove(folder);
            Retire(oldest);
        }
    }

    /// <summary>Frees it now, or when its last user leaves.</summary>
    private void Retire(Served served)
    {
        served.Retired = true;
        if (served.Users == 0)
        {
            var ending = served.DisposeAsync().AsTask();
            _retiring = _retiring.IsCompletedSuccessfully ? ending : Task.WhenAll(_retiring, ending);
        }
    }
}
