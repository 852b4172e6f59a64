using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Persistence.Copying;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence.Copying;

/// <summary>Rows and files of a service that is stopped, or at work, on their way to another place.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class StoreCopyTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProvider> _places = [];
    private readonly StringWriter _output = new();
    private CopyPlace _source = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A source on SQLite: a data set, a version, a run that is over and one at work, a classification, a comparison.</summary>
    public async ValueTask InitializeAsync()
    {
        _source = await ServedAsync("source");
        Write("source/datasets/pets/revisions/000001-a.rev", 700);
        Write($"source/datasets/pets/images/{Named(5000)}", 5000);
        Write($"source/datasets/pets/images/{Named(70)}", 70);
        Write("source/datasets/pets/changes.lock", 0);
        Write("source/models/m/1/" + ModelPackage.ManifestFile, 300);
        Write("source/models/m/1/model.onnx", 90_000);
        Write("source/models/m/1/int8/empty", 0);
        Write("source/models/m/aliases.json", 20);
        Write("source/runs/over/attempts/000002/history.json", 40);
        Write("source/runs/over/attempts/000002/snapshots/1", 400);
        Write("source/runs/work/attempts/000003/checkpoints/7", 1000);
        Write("source/runs/work/attempts/000003/checkpoints/8.tmp-1", 10);
        Write("source/classifications/c/predictions.parquet", 600);
        Write("source/comparisons/d/result.json", 60);
        Write("source/captured/m/seen", 33);
        Write("source/baselines/m/1.json", 34);
        Write("source/uploads/0123", 77);
        Write("source/cache/pixels/x", 9);
        await using var rows = Sqlite(_source);
        rows.AddRange(
            Dataset("pets", WorkState.Succeeded), Dataset("coming", WorkState.Queued),
            new ModelRow { Name = "m", HighestVersion = 1 },
            new ModelVersionRow { Model = "m", Version = 1, RunId = "over", CreatedAt = Then },
            Run("over", WorkState.Succeeded), Run("work", WorkState.Running), Run("none", WorkState.Queued),
            new ClassifyJobRow
            {
                Id = "c",
                Model = "m",
                Version = 1,
                Dataset = "pets",
                Digest = "0",
                CreatedAt = Then,
                Work = new() { State = WorkState.Succeeded, Fence = 1 },
            },
            new ComparisonRow
            {
                Id = "d",
                ModelA = "m",
                VersionA = 1,
                ModelB = "m",
                VersionB = 1,
                Dataset = "pets",
                CreatedAt = Then,
                Work = new() { State = WorkState.Succeeded, Fence = 1 },
            });
        await rows.SaveChangesAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
        {
            await place.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await _output.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Copy_ToPostgresAndAStore_ToAnother_AndBack_KeepsAllFilesAndRows()
    {
        var files = Files("source");
        var rows = await RowsAsync(Sqlite(_source));
        var (first, second, back) = (await ApartAsync("first"), await ApartAsync("second"), Place("back"));

        await CopyAsync(_source, first);
        await CopyAsync(first, second);
        await CopyAsync(second, back);

        Assert.Equal(files, Files("back"));
        Assert.Equal(rows, await RowsAsync(Sqlite(back)));
        Assert.Contains("datasets/pets/revisions/000001-a.rev", files.Keys);
        Assert.Contains("runs/work/attempts/000003/checkpoints/7", files.Keys);
        Assert.Contains("uploads/0123", files.Keys);
        Assert.DoesNotContain(files.Keys, path => path.Contains(".tmp-", StringComparison.Ordinal));
        Assert.Equal(Stored("first"), Stored("second"));
        Assert.Contains("files of ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_OfADirectory_IsTheSameDirectory_ThatAServiceOpens()
    {
        Write("source/runs/work/attempts/000005/history.json", 4); // Its row is older than that, as of a source that is at work.

        await CopyAsync(_source, Place("copy"));

        Assert.Equal(Files("source"), Files("copy"));
        await using var opened = CopyPlace.Open(Settings("copy"));
        await opened.OpenStoreAsync();
        var claim = await opened.GetRequiredService<LeaseStore<RunRow>>().ClaimAsync("work", "heir", TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(6, claim!.Fence); // Its worker is gone; the next one follows the attempt that left the newest files.
    }

    [Fact]
    public async Task Copy_ThatBrokeOff_IsNoPlaceToStart_AndGoesOn()
    {
        var obstacle = Directory.CreateDirectory(At($"copy/datasets/pets/images/{Named(70)}"));
        await Assert.ThrowsAnyAsync<Exception>(() => CopyAsync(_source, Place("copy")));
        obstacle.Delete();
        await using (var opened = CopyPlace.Open(Settings("copy")))
        {
            var refused = await Assert.ThrowsAsync<StartRefusedException>(() => opened.OpenStoreAsync());
            Assert.Contains("a copy that broke off", refused.Message, StringComparison.Ordinal);
        }

        Write("copy/models/gone/1/" + ModelPackage.ManifestFile, 5); // As of a version that the source has deleted since.
        Write("copy/datasets/gone/revisions/1", 5);
        await CopyAsync(_source, Place("copy"));

        Assert.Equal(Files("source"), Files("copy"));
        Assert.False(File.Exists(At("copy/copy-unfinished")));
    }

    [Fact]
    public async Task Copy_ToWhatIsNotEmpty_IsRefused()
    {
        await RefusedAsync(await ServedAsync("used"), "holds a database already");
        Write("files/models/m/1/" + ModelPackage.ManifestFile, 5);
        await RefusedAsync(Place("files"), "holds 1 model version already");
        await RefusedAsync(Place("source/backups"), "must lie beside it");
        await RefusedAsync(Place("source"), "must lie beside it");

        await using var server = await StoreHost.PostgresAsync(postgres);
        await server.AddRunAsync();
        await RefusedAsync(Place("there", server.Postgres!), "rows already");

        Write("store-kept/models/other/1/a", 5);
        await RefusedAsync(await ApartAsync("kept"), "holds objects, such as models/other/1/a, already");
        Assert.Equal("models/other/1/a", Assert.Single(Stored("kept")).Key);
        Assert.False(File.Exists(At("there/copy-unfinished")));
    }

    [Fact]
    public async Task Copy_WhileAWorkerLives_IsRefused_AndABackupIsNot()
    {
        var busy = await ApartAsync("busy");
        await CopyAsync(_source, busy);
        var workers = _places[^1].GetRequiredService<WorkerStore>();
        await workers.TellAsync(new() { Id = "1", Name = "host/42", Labels = "" }, Cancel);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => CopyAsync(busy, Place("copy")));
        Assert.Contains("host/42", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("copy")));

        await CopyAsync(busy, Place("copy"), isLive: true);
        Assert.Equal(Files("source"), Files("copy"));
    }

    [Fact]
    public async Task Copy_OfAnEmbeddedService_IsRefusedWhileItRuns_AndABackupIsNot()
    {
        await using var running = CopyPlace.Open(Settings("source"));
        await running.OpenStoreAsync();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => CopyAsync(_source, Place("copy")));
        Assert.Contains("Another service", refused.Message, StringComparison.Ordinal);

        await CopyAsync(_source, Place("copy"), isLive: true);
        Assert.Equal(Files("source"), Files("copy"));
    }

    [Fact]
    public async Task Copy_OfDamagedAndMissingFiles_IsMadeAndTellsThem()
    {
        var damaged = At($"source/datasets/pets/images/{Named(70)}");
        await File.WriteAllBytesAsync(damaged, new byte[70], Cancel);
        Directory.Delete(At("source/models/m/1"), recursive: true);

        var faults = await new StoreCopy(_source, Place("copy"), _output).RunAsync(isLive: true, Cancel);

        Assert.Equal(
            ["The files of the version 'm:1' are missing.", $"'{damaged}' is damaged: it has another hash than its name says."], faults);
        Assert.Equal(Files("source"), Files("copy"));
    }

    private static DatasetRow Dataset(string name, WorkState state) => new()
    {
        Name = name,
        Import = System.Text.Json.JsonSerializer.Serialize(
            new DatasetImport { Name = name, Origin = DatasetOrigin.Archive, Source = "uploads/0123", Folder = "/none" }, CoreJson.Options),
        CreatedAt = Then,
        Work = new() { State = state },
    };

    private static RunRow Run(string id, WorkState state) => new()
    {
        Id = id,
        Request = "{}",
        Plan = "{}",
        Dataset = "pets",
        Model = "m",
        CreatedAt = Then,
        Work = new() { State = state, Fence = 3 },
    };

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static string Named(int bytes) => Convert.ToHexStringLower(SHA256.HashData(Bytes(bytes)));

    private static StoreContext Sqlite(CopyPlace place) => CopyPlace.OpenSnapshot(place.Folders.Database);

    /// <summary>All rows, but where their files are.</summary>
    private static async Task<SortedDictionary<string, string[]>> RowsAsync(StoreContext rows)
    {
        await using (rows)
        {
            return await SomeRows.ReadAllAsync(rows);
        }
    }

    private string At(string path) => Path.Combine(_folder.Path, path);

    private void Write(string path, int bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), Bytes(bytes));
    }

    /// <summary>What a copy is to keep of a data directory: hashes by path.</summary>
    private SortedDictionary<string, string> Files(string directory)
    {
        string[] kept = ["datasets", "models", "runs", "classifications", "comparisons", "captured", "baselines", "uploads"];
        return new(kept.Select(folder => At($"{directory}/{folder}")).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains(".tmp-", StringComparison.Ordinal) && Path.GetFileName(file) != "changes.lock")
            .ToDictionary(file => Path.GetRelativePath(At(directory), file), FilePacker.HashOf), StringComparer.Ordinal);
    }

    /// <summary>Bytes of a store's objects by key.</summary>
    private SortedDictionary<string, long> Stored(string name) => new(
        Directory.EnumerateFiles(At($"store-{name}"), "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(At($"store-{name}"), file), file => new FileInfo(file).Length),
        StringComparer.Ordinal);

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private IConfiguration Settings(string directory) => Configuration(("DataDirectory", At(directory)));

    private CopyPlace Place(string directory) => Open(Settings(directory));

    private CopyPlace Place(string directory, string database) =>
        Open(Configuration(("DataDirectory", At(directory)), ("ConnectionStrings:Postgres", database)));

    /// <summary>PostgreSQL, and a folder in place of a bucket.</summary>
    private async Task<CopyPlace> ApartAsync(string name) => Open(Configuration(
        ("DataDirectory", At(name)), ("ConnectionStrings:Postgres", await postgres.NewDatabaseAsync()),
        ("Artifacts:Folder", At($"store-{name}"))));

    private CopyPlace Open(IConfiguration settings)
    {
        _places.Add(CopyPlace.Open(settings));
        return new(_places[^1]);
    }

    /// <summary>A place that a service has used.</summary>
    private async Task<CopyPlace> ServedAsync(string directory)
    {
        await using (var service = CopyPlace.Open(Settings(directory)))
        {
            service.GetRequiredService<DataFolders>().Create();
            await service.OpenStoreAsync();
        }

        return Place(directory);
    }

    private async Task CopyAsync(CopyPlace from, CopyPlace to, bool isLive = false) =>
        Assert.Empty(await new StoreCopy(from, to, _output).RunAsync(isLive, Cancel));

    private async Task RefusedAsync(CopyPlace to, string reason)
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => new StoreCopy(_source, to, _output).RunAsync(false, Cancel));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
