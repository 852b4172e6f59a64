using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Persistence;

/// <summary>The stores as the service registers them, over an empty database.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly DirectoryInfo _root;
    private readonly ServiceProvider _services;
    private bool _keepsFiles;

    /// <summary>That of a trial, nine epochs long.</summary>
    private static readonly string Plan = JsonSerializer.Serialize(
        new TrainingPlan
        {
            RunId = string.Empty,
            DatasetFolder = "/none",
            Dataset = "shapes",
            DatasetDigest = "0",
            Classes = ["a", "b"],
            Architecture = "custom",
            Network = new(new InputSpec(8, 8, 3), [new DenseLayer { Name = "output", Units = 2 }]),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
            Epochs = 9,
        },
        CoreJson.Options);

    private StoreHost(string? postgres, DirectoryInfo? root = null, Dictionary<string, string?>? settings = null)
    {
        _root = root ?? Directory.CreateTempSubdirectory("cnnservice-store-");
        Postgres = postgres;
        Folders = new DataFolders(_root.FullName);
        Folders.Create();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", postgres), .. settings ?? []]).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Folders)
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock)
            .AddPersistence(configuration, Folders)
            .BuildServiceProvider();
    }

    /// <summary>How to connect; null on SQLite.</summary>
    public string? Postgres { get; }

    public bool IsPostgres => Postgres is not null;

    public DataFolders Folders { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>A context of the SQLite database, as the stores open theirs.</summary>
    public StoreContext OpenSqlite() => _services.GetRequiredService<IDbContextFactory<SqliteStoreContext>>().CreateDbContext();

    public Store Store => _services.GetRequiredService<Store>();

    public IServiceProvider Services => _services;

    public LeaseStore<RunRow> RunLeases => _services.GetRequiredService<LeaseStore<RunRow>>();

    public LeaseStore<DatasetRow> DatasetLeases => _services.GetRequiredService<LeaseStore<DatasetRow>>();

    public RunStore Runs => _services.GetRequiredService<RunStore>();

    public SweepStore Sweeps => _services.GetRequiredService<SweepStore>();

    public SweepScheduler Scheduler => _services.GetRequiredService<SweepScheduler>();

    public DatasetStore Datasets => _services.GetRequiredService<DatasetStore>();

    public ModelStore Models => _services.GetRequiredService<ModelStore>();

    public AliasStore Aliases => _services.GetRequiredService<AliasStore>();

    public ComparisonStore Comparisons => _services.GetRequiredService<ComparisonStore>();

    public ShadowStore Shadows => _services.GetRequiredService<ShadowStore>();

    public CaptureStore Captures => _services.GetRequiredService<CaptureStore>();

    public ClassifyJobStore ClassifyJobs => _services.GetRequiredService<ClassifyJobStore>();

    public StoreCounts Figures => _services.GetRequiredService<StoreCounts>();

    public IdempotencyStore Keys => _services.GetRequiredService<IdempotencyStore>();

    public ServiceLock Lock => _services.GetRequiredService<ServiceLock>();

    public DatabaseBackups Backups => _services.GetRequiredService<DatabaseBackups>();

    public AliasFiles AliasFiles => _services.GetRequiredService<AliasFiles>();

    public static Task<StoreHost> SqliteAsync(Dictionary<string, string?>? settings = null) =>
        OpenAsync(new StoreHost(null, settings: settings));

    /// <summary>Ends this host, lets something happen to its files, and opens another on them.</summary>
    public async Task<StoreHost> RestartAsync(Action<DataFolders> meanwhile, Dictionary<string, string?>? settings = null)
    {
        _keepsFiles = true;
        await DisposeAsync();
        meanwhile(Folders);
        return await OpenAsync(new StoreHost(Postgres, _root, settings));
    }

    public static async Task<StoreHost> PostgresAsync(PostgresServer server) =>
        await OpenAsync(new StoreHost(await server.NewMigratedDatabaseAsync(async connection =>
        {
            await using var host = await OpenAsync(new StoreHost(connection));
        })));

    public async Task<RunRow> AddRunAsync(string? id = null, string dataset = "shapes", int maxQueued = int.MaxValue)
    {
        var added = await TryAddRunAsync(id, dataset, maxQueued);
        Assert.True(added.Succeeded, added.Problem?.Detail);
        return added.Value;
    }

    public Task<Outcome<RunRow>> TryAddRunAsync(string? id = null, string dataset = "shapes", int maxQueued = int.MaxValue) =>
        Runs.AddAsync(
        new RunRow
        {
            Id = id ?? RunId.New(Clock),
            Request = """{"dataset":"shapes"}""",
            Plan = "{}",
            Dataset = dataset,
            Model = "shapes",
            Epochs = 3,
        }, maxQueued);

    /// <summary>A sweep of so many trials, none queued yet.</summary>
    public async Task<SweepRow> AddSweepAsync(int trials, int parallel, int? factor = null, int? firstEpochs = null, string? id = null)
    {
        var sweep = Sweep(id ?? RunId.New(Clock), parallel);
        (sweep.Factor, sweep.FirstEpochs) = (factor, firstEpochs);
        var added = await Sweeps.AddAsync(
            sweep,
            Enumerable.Range(1, trials).Select(trial => new SweepTrialRow
            {
                SweepId = sweep.Id,
                Trial = trial,
                Values = $$"""{"seed":{{trial}}}""",
                Request = "{}",
                Plan = Plan,
            }),
            int.MaxValue);
        Assert.True(added.Succeeded, added.Problem?.Detail);
        return added.Value;
    }

    public static SweepRow Sweep(string id, int parallel) => new()
    {
        Id = id,
        Name = "s",
        Request = """{"grid":{"seed":[1]}}""",
        Metric = MonitoredMetric.ValidationAccuracy,
        Parallel = parallel,
        Dataset = "shapes",
        Model = "shapes-sweep-1",
    };

    /// <summary>The states a run went through, as its events tell.</summary>
    public async Task<WorkState[]> StatesAsync(string id) => [.. (await Runs.EventsAsync(id, 0, 1000))
        .Where(row => row.Kind == RunEvents.StateKind)
        .Select(row => JsonSerializer.Deserialize<StateEvent>(row.Data, CoreJson.Options)!.State)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (!_keepsFiles)
        {
            _root.Delete(recursive: true);
        }
    }

    private static async Task<StoreHost> OpenAsync(StoreHost host)
    {
        try
        {
            await host._services.OpenStoreAsync();
            return host;
        }
        catch
        {
            host._keepsFiles = true; // Another attempt may follow.
            await host.DisposeAsync();
            throw;
        }
    }

    private sealed record StateEvent(WorkState State);
}
