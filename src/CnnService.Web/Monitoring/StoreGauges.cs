using System.Diagnostics.Metrics;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Gauges of runs, jobs, data sets and cached images. The database is queried when metrics are scraped, at most every five seconds; if it
/// does not answer, they are absent and <c>cnnservice.store.reachable</c> is 0.
/// </summary>
internal sealed class StoreGauges : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    private readonly StoreCounts _store;
    private readonly DataFolders _folders;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _one = new(1, 1);

    // Written by one refresh at a time.
    private readonly Dictionary<string, (DateTime Written, long Bytes)> _snapshots = new(StringComparer.Ordinal);
    private long? _asked;

    // Written by refreshes, read by metric collection.
    private volatile StoreSnapshot? _seen;

    public StoreGauges(StoreCounts store, DataFolders folders, DiskImageCache images, IMeterFactory meters, TimeProvider clock)
    {
        (_store, _folders, _clock) = (store, folders, clock);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("cnnservice.runs", () => Counts(seen => seen.Figures.Runs, "state"), "{run}",
            "Training runs by state; queued ones wait.");
        meter.CreateObservableGauge("cnnservice.runs.oldest_waiting", () => One(seen => seen.Figures.OldestWait.TotalSeconds), "s",
            "Since the oldest queued run was created; 0 where none waits.");
        meter.CreateObservableGauge("cnnservice.runs.snapshots.size", () => One(seen => seen.SnapshotBytes), "By",
            "Weights of epochs that runs keep for their films.");
        meter.CreateObservableGauge("cnnservice.classify.jobs", () => Counts(seen => seen.Figures.ClassifyJobs, "state"), "{job}",
            "Classifications of whole data sets by state.");
        meter.CreateObservableGauge("cnnservice.datasets", () => Counts(seen => seen.Datasets, "status"), "{dataset}",
            "Data sets by status.");
        meter.CreateObservableGauge("cnnservice.datasets.size", () => One(seen => seen.DatasetBytes), "By", "Images of the data sets.");
        meter.CreateObservableGauge("cnnservice.render.cache.size", () => images.Bytes, "By", "Drawn images that are kept.");
        meter.CreateObservableGauge("cnnservice.store.reachable", () => _seen is null ? 0 : 1, null,
            "1 where the database answers, else 0.");
    }

    /// <summary>Queries the database if the last result is no longer fresh.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            if (_asked is null || _clock.GetElapsedTime(_asked.Value) >= FreshFor)
            {
                _seen = await QueryAsync();
                _asked = _clock.GetTimestamp();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<StoreSnapshot?> QueryAsync()
    {
        try
        {
            var figures = await _store.ReadAsync();
            return new(figures, figures.Datasets.Values.CountBy(status => status).ToDictionary(),
                figures.Datasets.Where(set => set.Value == DatasetStatus.Ready).Sum(set => BytesOf(set.Key)), SnapshotBytes());
        }
        catch (StoreUnavailableException)
        {
            return null; // Reported by the gauge cnnservice.store.reachable.
        }
    }

    /// <summary>Size of a data set's images in bytes.</summary>
    private long BytesOf(string dataset) =>
        DatasetFolder.ReadManifest(_folders.Dataset(dataset)).Match(manifest => manifest.Bytes, _ => 0);

    /// <summary>Size of all weight snapshots in bytes; those of a run are measured again only when one was added or removed.</summary>
    private long SnapshotBytes()
    {
        string[] runs = [.. Directory.EnumerateDirectories(_folders.Runs)];
        _snapshots.Keys.Except(runs).ToList().ForEach(gone => _snapshots.Remove(gone));
        foreach (var run in runs)
        {
            var files = AttemptFolders.Newest(run) ?? run;
            var written = Directory.GetLastWriteTimeUtc(Path.Combine(files, RunFolder.SnapshotsFolder));
            if (!_snapshots.TryGetValue(run, out var known) || known.Written != written)
            {
                _snapshots[run] = (written, SnapshotFolder.Read(files).Sum(snapshot => snapshot.Weights.Bytes));
            }
        }

        return _snapshots.Values.Sum(known => known.Bytes);
    }

    private IEnumerable<Measurement<double>> One(Func<StoreSnapshot, double> value) => _seen is { } seen ? [new(value(seen))] : [];

    /// <summary>One measurement per value, zeros included: time series have no gaps.</summary>
    private IEnumerable<Measurement<int>> Counts<T>(Func<StoreSnapshot, IReadOnlyDictionary<T, int>> counts, string label)
        where T : struct, Enum => _seen is { } seen
            ? Enum.GetValues<T>()
                .Select(value => new Measurement<int>(counts(seen).GetValueOrDefault(value),
                    new KeyValuePair<string, object?>(label, value.ToWireName())))
            : [];

    private sealed record StoreSnapshot(
        StoreFigures Figures, IReadOnlyDictionary<DatasetStatus, int> Datasets, long DatasetBytes, long SnapshotBytes);
}
