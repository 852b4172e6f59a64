using CnnService.Core.Datasets;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Web.Tests.Work;

public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly RecordingJobs _jobs = new();
    private StoreHost _host = null!;
    private Recovery _recovery = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        var queue = new WorkQueue(_jobs, NullLogger<WorkQueue>.Instance);
        var sweeps = new SweepQueue(_host.Course, queue, NullLogger<SweepQueue>.Instance);
        _recovery = new Recovery(
            _host.Runs, sweeps, _host.Datasets, _host.Comparisons, _host.ClassifyJobs, _host.Keys, _host.Lock, new SpaceReserve(_host.Folders), queue, _host.Folders, _host.Clock, NullLogger<Recovery>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _recovery.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Ring_FindsWhatWaitsAndNothingElse()
    {
        var queued = (await _host.AddRunAsync("a")).Id;
        var abandoned = (await _host.AddRunAsync("b")).Id;
        var running = (await _host.AddRunAsync("c")).Id;
        var over = (await _host.AddRunAsync("d")).Id;
        await _host.Runs.CancelAsync(over);
        await _host.Runs.ClaimAsync(abandoned, "dead", TimeSpan.FromSeconds(30));
        _host.Clock.Advance(TimeSpan.FromSeconds(31));
        await _host.Runs.ClaimAsync(running, "alive", TimeSpan.FromSeconds(30));
        await _host.Datasets.CreateAsync(Import("set", "shapes"));

        await _recovery.RingAsync();
        await _recovery.RingAsync();

        Assert.Equal(["background:set", $"training:{queued}", $"training:{abandoned}"], _jobs.Rung);
    }

    [Fact]
    public async Task Ring_AfterAKillBetweenATrialsEndAndTheNext_QueuesTheNext()
    {
        var sweep = await _host.AddSweepAsync(trials: 2, parallel: 1);
        await _recovery.RingAsync(); // Killed before the first was queued.
        var first = Assert.Single(await _host.Runs.ListAsync(10, null)).Id;
        await (await _host.Runs.ClaimAsync(first, "dead", TimeSpan.FromSeconds(30)))!.SucceedAsync(1);

        await _recovery.RingAsync();

        var second = Assert.Single(await _host.Runs.ListAsync(10, null), run => run.Id != first).Id;
        Assert.Equal([$"training:{first}", $"training:{second}"], _jobs.Rung);
        await (await _host.Runs.ClaimAsync(second, "dead", TimeSpan.FromSeconds(30)))!.SucceedAsync(2);
        await _recovery.RingAsync();
        Assert.Equal(SweepState.Succeeded, (await _host.Sweeps.FindAsync(sweep.Id))!.State);
    }

    [Fact]
    public async Task Clean_DeletesWhatOlderProcessesLeftHalfWritten()
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1);
        var after = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5);
        var dead = Put("runs/x/checkpoints/a.tmp-3", before);
        var deadUpload = Put("uploads/gone.zip", before);
        var neededUpload = Put("uploads/needed.zip", before);
        var youngUpload = Put("uploads/arriving.zip", after);
        var young = Put("models/m/1/model.onnx.tmp-0", after);
        var whole = Put("models/m/1/manifest.json", before);
        await _host.Datasets.CreateAsync(Import("set", neededUpload));

        await _recovery.CleanAsync();

        Assert.Equal([false, false], new[] { dead, deadUpload }.Select(File.Exists));
        Assert.Equal([true, true, true, true], new[] { neededUpload, youngUpload, young, whole }.Select(File.Exists));
    }

    private static DatasetImport Import(string name, string source) => new() { Name = name, Origin = DatasetOrigin.Sample, Source = source, Folder = "/none" };

    private string Put(string name, DateTime written)
    {
        var path = Path.Combine(_host.Folders.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, written);
        return path;
    }
}
