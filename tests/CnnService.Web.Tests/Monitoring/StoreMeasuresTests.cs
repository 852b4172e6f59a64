using System.Diagnostics.Metrics;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Training.Snapshots;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>When the store is asked, and what is told where it does not answer.</summary>
public sealed class StoreMeasuresTests : IAsyncLifetime
{
    private readonly OneMeter _meters = new();
    private StoreHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StoreHost.SqliteAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _meters.Dispose();
    }

    [Fact]
    public async Task Refresh_WithinFiveSeconds_AsksOnce()
    {
        using var measures = Measures(_host.Store);
        await measures.RefreshAsync(CancellationToken.None);
        Assert.Equal(0, Tell()["cnnservice.runs:queued"]);
        await _host.AddRunAsync();

        _host.Clock.Advance(TimeSpan.FromSeconds(4.9));
        await measures.RefreshAsync(CancellationToken.None);
        Assert.Equal(0, Tell()["cnnservice.runs:queued"]);

        _host.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await measures.RefreshAsync(CancellationToken.None);
        Assert.Equal(1, Tell()["cnnservice.runs:queued"]);
    }

    [Fact]
    public async Task Snapshots_OfAllRuns_AreCountedAndNoMoreOnceTheyAreGone()
    {
        using var measures = Measures(_host.Store);
        var kept = new[] { Keep("run-1", 0, 100), Keep("run-1", 7, 20), Keep("run-2", 0, 3) };
        Directory.CreateDirectory(_host.Folders.Run("run-3"));
        Assert.Equal(123, await BytesAsync());

        Directory.Delete(kept[1], recursive: true);
        Assert.Equal(103, await BytesAsync());
        Directory.Delete(_host.Folders.Run("run-1"), recursive: true);
        Assert.Equal(3, await BytesAsync());

        async Task<double> BytesAsync()
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(5));
            await measures.RefreshAsync(CancellationToken.None);
            return Tell()["cnnservice.runs.snapshots.size"];
        }

        string Keep(string run, int epoch, int bytes)
        {
            var folder = Directory.CreateDirectory(SnapshotFolder.PathOf(_host.Folders.Run(run), epoch)).FullName;
            File.WriteAllText(Path.Combine(folder, "snapshot.json"),
                JsonSerializer.Serialize(new Snapshot(epoch, new("weights.safetensors", bytes, "aa")), CoreJson.Options));
            return folder;
        }
    }

    [Fact]
    public async Task StoreThatDoesNotAnswer_IsToldInsteadOfItsFigures()
    {
        using var measures = Measures(new Store(() => throw new TimeoutException(), new ReservedSpace(_host.Folders)));

        await measures.RefreshAsync(CancellationToken.None);

        Assert.Equal(["cnnservice.render.cache.size", "cnnservice.store.reachable"], Tell().Keys.Order());
        Assert.Equal(0, Tell()["cnnservice.store.reachable"]);
    }

    private StoreGauges Measures(Store store) => new(
        new StoreCounts(store, _host.Clock), _host.Folders, new DiskImageCache(new() { Folder = _host.Folders.ImageCache }, _host.Clock),
        _meters, _host.Clock);

    /// <summary>What the gauges tell now, by name and label.</summary>
    private Dictionary<string, double> Tell()
    {
        var told = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => told[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => told[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => told[Name(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }

    private void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope == _meters)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.IsEmpty ? instrument.Name : $"{instrument.Name}:{tags[0].Value}";

    /// <summary>Makes meters that a test can tell from those of others.</summary>
    private sealed class OneMeter : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
