using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Import;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Work;

public sealed class ImportWorkTests : IAsyncLifetime
{
    private readonly ScriptedImporter _importer = new();
    private StoreHost _host = null!;
    private string _archive = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        _archive = Path.Combine(_host.Folders.Uploads, "upload.zip");
        await File.WriteAllTextAsync(_archive, "zip");
        await _host.Datasets.CreateAsync(new()
        {
            Name = "a",
            Origin = DatasetOrigin.Archive,
            Source = _archive,
            Folder = _host.Folders.Dataset("a"),
        });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Run_OfASoundArchive_EndsReadyAndDeletesIt()
    {
        _importer.Does = import => Manifest(import);

        await RunAsync();

        var row = (await _host.Datasets.FindAsync("a"))!;
        Assert.Equal((DatasetStatus.Ready, 5, 9), (row.Status, row.Done, row.Total));
        Assert.False(File.Exists(_archive));
        Assert.False(Directory.Exists(_host.Folders.Import("a")));
        Assert.True(DatasetFolder.ReadManifest(_host.Folders.Dataset("a")).Succeeded);
    }

    [Fact]
    public async Task Run_OfABadArchive_EndsFailedAndLeavesNothing()
    {
        _importer.Does = import =>
        {
            File.WriteAllText(Path.Combine(import.Folder, "half"), "");
            return Problem.Unprocessable("archive.unreadable", "It is no archive.");
        };

        await RunAsync();

        var row = (await _host.Datasets.FindAsync("a"))!;
        Assert.Equal(DatasetStatus.Failed, row.Status);
        Assert.Contains("archive.unreadable", row.Work.Failure, StringComparison.Ordinal);
        Assert.False(File.Exists(_archive));
        Assert.False(Directory.Exists(_host.Folders.Dataset("a")));
    }

    [Fact]
    public async Task Run_AfterAnAttemptThatDied_BeginsInAnEmptyFolder()
    {
        await _host.DatasetLeases.ClaimAsync("a", "dead", TimeSpan.FromSeconds(30), CancellationToken.None);
        var dead = new AttemptFolders(_host.Folders.Import("a")).Begin(1);
        Directory.CreateDirectory(Path.Combine(dead, "images", "half"));
        await _host.DatasetLeases.RecoverAsync(CancellationToken.None);
        _importer.Does = import =>
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(import.Folder));
            Assert.False(Directory.Exists(dead));
            return Manifest(import);
        };

        await RunAsync();

        Assert.Equal(DatasetStatus.Ready, (await _host.Datasets.FindAsync("a"))!.Status);
    }

    [Fact]
    public async Task Run_AfterACrashBetweenManifestAndRow_DoesNotImportAgain()
    {
        var folder = Directory.CreateDirectory(_host.Folders.Dataset("a")).FullName;
        DatasetFolder.Publish(folder, SomeDataset.Manifest("a", ["x", "y"]));

        await RunAsync();

        Assert.Empty(_importer.Imports);
        Assert.Equal(DatasetStatus.Ready, (await _host.Datasets.FindAsync("a"))!.Status);
    }

    [Fact]
    public async Task Run_ThatDiesEachTime_IsGivenUp()
    {
        _importer.Does = _ => throw new IOException("a disk that answers badly");
        for (var i = 0; i < 4; i++)
        {
            await RunAsync();
            _host.Clock.Advance(new WorkOptions().LongestRetryPause); // Nobody may claim it sooner.
        }

        Assert.Contains("dataset.import-crash-loop", (await _host.Datasets.FindAsync("a"))!.Work.Failure, StringComparison.Ordinal);
        Assert.Equal(3, _importer.Imports.Count);
    }

    [Fact]
    public async Task Run_ThatFailsOnItsSource_IsNotTriedAgain()
    {
#pragma warning disable CA2201 // What a native decoder throws.
        _importer.Does = _ => throw new System.Runtime.InteropServices.SEHException("a native decoder fell over");
#pragma warning restore CA2201

        await RunAsync();
        await RunAsync();

        var row = (await _host.Datasets.FindAsync("a"))!;
        Assert.Equal(DatasetStatus.Failed, row.Status);
        Assert.Contains("dataset.import-failed", row.Work.Failure, StringComparison.Ordinal);
        Assert.Single(_importer.Imports);
    }

    [Fact]
    public async Task Run_StoppedByAShutdown_WaitsAgainAndIsNotBlamed()
    {
        using var shutdown = new CancellationTokenSource();
        _importer.Does = _ =>
        {
            shutdown.Cancel();
            throw new OperationCanceledException(shutdown.Token);
        };

        await RunAsync(shutdown.Token);

        var row = (await _host.Datasets.FindAsync("a"))!;
        Assert.Equal((DatasetStatus.Importing, 0), (row.Status, row.Work.Tries));
        Assert.Single(await _host.DatasetLeases.ClaimableAsync(CancellationToken.None));
        Assert.True(File.Exists(_archive));
    }

    [Fact]
    public async Task Run_ThatIsStuck_EndsAtItsTimeLimitAndIsLeftBehind()
    {
        using var never = new ManualResetEventSlim();
        using var begun = new SemaphoreSlim(0);
        _importer.Does = _ =>
        {
            begun.Release();
            never.Wait(); // No cancellation reaches it.
            return Problem.Unprocessable("archive.unreadable", "Too late.");
        };
        var running = RunAsync();
        await begun.WaitAsync();

        await AdvanceUntilAsync(running, new ImportOptions().TimeLimit);

        var row = (await _host.Datasets.FindAsync("a"))!;
        Assert.Equal(DatasetStatus.Failed, row.Status);
        Assert.Contains("dataset.import-too-slow", row.Work.Failure, StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public async Task Run_ThatIsStuckAtAShutdown_IsLeftBehindAndBeginsAgain()
    {
        using var never = new ManualResetEventSlim();
        using var shutdown = new CancellationTokenSource();
        _importer.Does = _ =>
        {
            shutdown.Cancel();
            never.Wait();
            return Problem.Unprocessable("archive.unreadable", "Too late.");
        };

        await AdvanceUntilAsync(RunAsync(shutdown.Token), TimeSpan.FromSeconds(1));

        Assert.Equal((WorkState.Queued, 0), await StandAsync());
        never.Set();
        _importer.Does = import => Manifest(import);
        await RunAsync();
        Assert.Equal(DatasetStatus.Ready, (await _host.Datasets.FindAsync("a"))!.Status);

        async Task<(WorkState State, int Tries)> StandAsync() =>
            (await _host.Datasets.FindAsync("a"))!.Work is var work ? (work.State, work.Tries) : default;
    }

    [Fact]
    public async Task Run_WhileAnotherWorkerImports_DoesNothing()
    {
        await _host.DatasetLeases.ClaimAsync("a", "other", TimeSpan.FromHours(1), CancellationToken.None);

        await RunAsync();

        Assert.Empty(_importer.Imports);
    }

    /// <summary>Lets time pass, step by step, until it has ended.</summary>
    private async Task AdvanceUntilAsync(Task running, TimeSpan step)
    {
        while (!running.IsCompleted)
        {
            _host.Clock.Advance(step);
            await Task.Delay(20);
        }

        await running;
    }

    private Task RunAsync(CancellationToken shutdown = default)
    {
        var work = new ImportWork(
            _host.DatasetLeases, _host.Datasets, _importer, _host.Folders, Options.Create(new ImportOptions()), _host.Clock,
            NullLogger<ImportWork>.Instance);
        return new LeasedJobRunner<ImportWork, DatasetRow>(
            work,
            _host.DatasetLeases,
            new WorkQueue(new RecordingJobs(), NullLogger<WorkQueue>.Instance),
            SomeAbility.Of(_host.Folders),
            _host.Lock,
            Options.Create(new WorkOptions()),
            _host.Clock,
            NullLogger<ImportWork>.Instance).RunAsync("a", shutdown);
    }

    /// <summary>Writes what an importer writes last.</summary>
    private static DatasetManifest Manifest(DatasetImport import) =>
        DatasetFolder.Publish(import.Folder, SomeDataset.Manifest(import.Name, ["x", "y"]));

    private sealed class ScriptedImporter : IDatasetImporter
    {
        public List<DatasetImport> Imports { get; } = [];

        public Func<DatasetImport, Outcome<DatasetManifest>> Does { get; set; } = _ => throw new InvalidOperationException("not expected");

        public Task<Outcome<DatasetManifest>> ImportAsync(
            DatasetImport import, IProgress<ImportProgress> progress, CancellationToken cancel)
        {
            Imports.Add(import);
            progress.Report(new(5, 9));
            return Task.FromResult(Does(import));
        }
    }
}
