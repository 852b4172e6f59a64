using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CnnService.Web.Persistence;

/// <summary>Registers the stores over SQLite, or over PostgreSQL if there is a connection string for it.</summary>
internal static class PersistenceServices
{
    public const string ConnectionName = "Postgres";

    /// <summary>
    /// How long the library goes on trying after SQLite has waited for a locked file (see <see cref="SqlitePragmas"/>), in seconds; its
    /// default of 30 would stall requests.
    /// </summary>
    private const int BusySeconds = 1;

    /// <summary>With <see cref="MaxRetryDelay"/>: some 5 seconds, longer than PostgreSQL takes to restart.</summary>
    private const int MaxRetries = 4;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(2);

    private static readonly string[] TransientCodes = ["57P01", "57P02", "57P03"];

    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">Has the connection strings.</param>
    /// <param name="folders">The data directory.</param>
    /// <param name="connections">Most connections to PostgreSQL at once.</param>
    public static IServiceCollection AddPersistence(
        this IServiceCollection services, IConfiguration configuration, DataFolders folders, int connections = 20)
    {
        var postgres = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrEmpty(postgres))
        {
            services.AddSingleton<SqliteWriteGate>();
            services.AddPooledDbContextFactory<SqliteStoreContext>((provider, options) => options
                .UseSqlite($"Data Source={folders.Database};Default Timeout={BusySeconds}")
                .AddInterceptors(SqliteInterceptors(provider.GetRequiredService<SqliteWriteGate>())));
            services.AddSingleton(
                provider => new Store(provider.GetRequiredService<IDbContextFactory<SqliteStoreContext>>().CreateDbContext,
                    provider.GetRequiredService<ReservedSpace>(), provider.GetRequiredService<StoreAvailability>()));
        }
        else
        {
            services.AddSingleton(_ => new PostgresSource(configuration, connections));
            services.AddPooledDbContextFactory<PostgresStoreContext>((provider, options) => options.UseNpgsql(
                provider.GetRequiredService<PostgresSource>().Pool,
                npgsql => npgsql.EnableRetryOnFailure(MaxRetries, MaxRetryDelay, TransientCodes)));
            services.AddSingleton(
                provider => new Store(provider.GetRequiredService<IDbContextFactory<PostgresStoreContext>>().CreateDbContext,
                    provider.GetRequiredService<ReservedSpace>(), provider.GetRequiredService<StoreAvailability>()));
        }

        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOutageLog(configuration);
        services.AddSingleton(_ => string.IsNullOrEmpty(postgres) ? ServiceLock.Take(folders) : ServiceLock.Share(folders));
        return services
            .AddSingleton(_ => new ReservedSpace(folders))
            .AddSingleton(provider => new LeaseStore<RunRow>(
                provider.GetRequiredService<Store>(), provider.GetRequiredService<TimeProvider>(), RunEvents.AppendStateAsync))
            .AddSingleton(provider => Leases<DatasetRow>(provider))
            .AddSingleton(provider => Leases<ComparisonRow>(provider))
            .AddSingleton(provider => Leases<ClassifyJobRow>(provider))
            .AddSingleton(provider => Leases<QuantizationRow>(provider))
            .AddSingleton(provider => Leases<CalibrationRow>(provider))
            .AddSingleton<RunProgressStore>()
            .AddSingleton<DatasetStore>()
            .AddSingleton<RunStore>()
            .AddSingleton<RunFollower>()
            .AddSingleton<SweepStore>()
            .AddSingleton<SweepScheduler>()
            .AddSingleton<ModelStore>()
            .AddSingleton<VersionFiles>()
            .AddSingleton<DatasetFiles>()
            .AddSingleton<AliasStore>()
            .AddSingleton<ComparisonStore>()
            .AddSingleton(provider => VersionWork<QuantizationRow>(provider, "quantization"))
            .AddSingleton(provider => VersionWork<CalibrationRow>(provider, "calibration"))
            .AddSingleton<ShadowStore>()
            .AddSingleton<CaptureStore>()
            .AddSingleton<ClassifyJobStore>()
            .AddSingleton<IdempotencyStore>()
            .AddSingleton<StoreCounts>()
            .AddSingleton<WorkerStore>()
            .AddSingleton<AuditStore>()
            .AddSingleton(provider => new WorkBell(provider.GetRequiredService<TimeProvider>()))
            .AddSafekeeping(folders, isEmbedded: string.IsNullOrEmpty(postgres));
    }

    /// <summary>Acquires the lock on the data directory and opens the database; to be called before anything else runs.</summary>
    public static async Task OpenStoreAsync(this IServiceProvider services)
    {
        _ = services.GetRequiredService<ServiceLock>();
        await services.GetRequiredService<StoreStart>().OpenAsync();
        if (!services.GetRequiredService<IConfiguration>().HasPostgres())
        {
            services.GetRequiredService<ReservedSpace>().Restore();
            await services.GetRequiredService<LeaseStore<RunRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<DatasetRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<ComparisonRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<ClassifyJobRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<QuantizationRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<CalibrationRow>>().RecoverAsync(CancellationToken.None);
        }
    }

    public static bool HasPostgres(this IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration.GetConnectionString(ConnectionName));

    /// <summary>
    /// Outages are told by <see cref="StoreAvailability"/> alone: Hangfire, whose processes each tell every failed try, is hushed
    /// meanwhile. On PostgreSQL a job may notice the outage before anything else does; what its servers tell of is that, or an exception
    /// of a job, which the job's own row tells.
    /// </summary>
    private static void AddOutageLog(this IServiceCollection services, IConfiguration configuration)
    {
        var flag = new OutageFlag();
        var level = configuration.GetValue("Logging:LogLevel:Hangfire", LogLevel.Warning);
        services.AddSingleton(flag).AddSingleton<StoreAvailability>();
        services.AddLogging(logging => logging.AddFilter("Hangfire", asked => asked >= level && !flag.IsAway));
        if (configuration.HasPostgres())
        {
            services.AddLogging(logging => logging.AddFilter("Hangfire.Server", LogLevel.Critical)
                .AddFilter("Hangfire.Processing", LogLevel.Critical));
        }
    }

    private static IInterceptor[] SqliteInterceptors(SqliteWriteGate gate) =>
        [new SqlitePragmas(gate), new SqliteTransactions(gate), new SqliteCommands(gate)];

    /// <summary>Backups and recovery. PostgreSQL has tools of its own for the first.</summary>
    private static IServiceCollection AddSafekeeping(this IServiceCollection services, DataFolders folders, bool isEmbedded)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (isEmbedded)
        {
            services.AddHostedService<BackupSchedule>().AddHostedService<AliasCopies>();
        }

        return services
            .AddSingleton(_ => new DirectoryContents(folders))
            .AddSingleton<DatabaseBackups>()
            .AddSingleton<AliasFiles>()
            .AddSingleton<CorruptModels>()
            .AddSingleton<RecoveredModels>()
            .AddSingleton<RecoveredRuns>()
            .AddSingleton<DatabaseRecovery>()
            .AddSingleton<DatabaseMigration>()
            .AddSingleton<StoreStart>();
    }

    private static LeaseStore<T> Leases<T>(IServiceProvider services)
        where T : LeasedRow => new(services.GetRequiredService<Store>(), services.GetRequiredService<TimeProvider>());

    private static VersionWorkStore<T> VersionWork<T>(IServiceProvider services, string kind)
        where T : VersionWorkRow => new(services.GetRequiredService<Store>(), services.GetRequiredService<TimeProvider>(), kind);
}
