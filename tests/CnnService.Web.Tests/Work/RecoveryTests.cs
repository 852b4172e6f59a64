using CnnService.Core.Datasets;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Artifacts.Uploads;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Work;

public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly RecordingJobs _jobs = new();
    private readonly IOptions<WorkOptions> _options = Options.Create(new WorkOptions());
    private StoreHost _host = null!;
    private LeaseRecovery _recovery = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        var queue = new WorkQueue(_jobs, NullLogger<WorkQueue>.Instance);
        var ability = SomeAbility.Of(_host.Folders);
        var sweeps = new SweepQueue(_host.Scheduler, queue);
        IJobRunner[] runners =
        [
            new LeasedJobRunner<ImportWork, DatasetRow>(null!, Leases<DatasetRow>(), queue, ability, _host.Lock, _options, _host.Clock,
                NullLogger<ImportWork>.Instance),
            new LeasedJobRunner<TrainingWork, RunRow>(null!, Leases<RunRow>(), queue, ability, _host.Lock, _options, _host.Clock,
                NullLogger<TrainingWork>.Instance),
        ];
        _recovery = new LeaseRecovery(
            runners, sweeps, Housekeeping, _host.Lock, new ReservedSpace(_host.Folders),
            _host.Services.GetRequiredService<WorkBell>(), _options, _host.Clock, NullLogger<LeaseRecovery>.Instance);
    }

    private Housekeeping Housekeeping => new(
        Leftovers(_host.Lock), _host.Keys, _host.Services.GetRequiredService<AuditStore>(), _host.Clock);

    private Leftovers Leftovers(ServiceLock held) =>
        new(_host.Datasets, held, _host.Folders, TimeProvider.System, NullLogger<Leftovers>.Instance);

    private LeaseStore<T> Leases<T>()
        where T : LeasedRow => _host.Services.GetRequiredService<LeaseStore<T>>();

    public async ValueTask DisposeAsync()
    {
        _recovery.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Remind_FindsWhatWaitsAndNothingElse()
    {
        var queued = (await _host.AddRunAsync("a")).Id;
        var abandoned = (await _host.AddRunAsync("b")).Id;
        var running = (await _host.AddRunAsync("c")).Id;
        var over = (await _host.AddRunAsync("d")).Id;
        await _host.Runs.CancelAsync(over);
        await RunWorker.ClaimAsync(_host.Services, abandoned, "dead", TimeSpan.FromSeconds(30));
        _host.Clock.Advance(TimeSpan.FromSeconds(31));
        await RunWorker.ClaimAsync(_host.Services, running, "alive", TimeSpan.FromSeconds(30));
        await _host.Datasets.CreateAsync(Import("set", "shapes"));

        await _recovery.EnqueueWaitingAsync(CancellationToken.None);
        await _recovery.EnqueueWaitingAsync(CancellationToken.None);

        Assert.Equal(["background:set", $"training:{queued}", $"training:{abandoned}"], _jobs.Rung);
    }

    [Fact]
    public async Task Remind_AfterAKillBetweenATrialsEndAndTheNext_QueuesTheNext()
    {
        var sweep = await _host.AddSweepAsync(trials: 2, parallel: 1);
        await _recovery.EnqueueWaitingAsync(CancellationToken.None); // Killed before the first was queued.
        var first = Assert.Single(await _host.Runs.ListAsync(10, null)).Id;
        await (await RunWorker.ClaimAsync(_host.Services, first, "dead", TimeSpan.FromSeconds(30)))!.SucceedAsync(1);

        await _recovery.EnqueueWaitingAsync(CancellationToken.None);

        var second = Assert.Single(await _host.Runs.ListAsync(10, null), run => run.Id != first).Id;
        Assert.Equal([$"training:{first}", $"training:{second}"], _jobs.Rung);
        await (await RunWorker.ClaimAsync(_host.Services, second, "dead", TimeSpan.FromSeconds(30)))!.SucceedAsync(2);
        await _recovery.EnqueueWaitingAsync(CancellationToken.None);
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

        await Housekeeping.CleanAsync();

        Assert.Equal([false, false], new[] { dead, deadUpload }.Select(File.Exists));
        Assert.Equal([true, true, true, true], new[] { neededUpload, youngUpload, young, whole }.Select(File.Exists));
    }

    /// <summary>As where others may be at work in the directory: with PostgreSQL.</summary>
    [Fact]
    public async Task Clean_BesideOthers_DeletesUploadsThatNobodyHolds_AndNoneThatSomebodyDoes()
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-11);
        var young = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5);
        var (dead, alive, fresh, pieces) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Put("uploads/pieces/x/data", before));
        var torn = Put($"uploads/{Guid.NewGuid():N}", before);
        var arriving = Put($"uploads/{Guid.NewGuid():N}", before);
        string[] held =
        [
            Put($"uploads/{dead:N}/file", before), Put($"uploads/{alive:N}/file", before), Put($"uploads/{fresh:N}/file", young),
        ];
        foreach (var folder in held.Take(2).Select(Path.GetDirectoryName))
        {
            Directory.SetLastWriteTimeUtc(folder!, before);
        }

        await using (new FileStream(arriving, FileMode.Open, FileAccess.Write, FileShare.Read))
        {
            using var hold = UploadHold.Take(Path.GetDirectoryName(held[1])!).Value;
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(held[1])!, before);
            File.SetLastWriteTimeUtc(Path.Combine(Path.GetDirectoryName(held[1])!, "lock"), before);

            await Leftovers(ServiceLock.NotNeeded).DeleteAsync();
        }

        Assert.Equal([false, true, true], held.Select(file => Directory.Exists(Path.GetDirectoryName(file))));
        Assert.Equal([false, true, true], new[] { torn, arriving, pieces }.Select(File.Exists));
        await Leftovers(ServiceLock.NotNeeded).DeleteAsync();
        Assert.Equal([false, false], new[] { Path.GetDirectoryName(held[1])!, arriving }.Select(Path.Exists));
    }

    private static DatasetImport Import(string name, string source) => new()
    {
        Name = name,
        Origin = DatasetOrigin.Sample,
        Source = source,
        Folder = "/none",
    };

    private string Put(string name, DateTime written)
    {
        var path = Path.Combine(_host.Folders.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, written);
        return path;
    }
}
