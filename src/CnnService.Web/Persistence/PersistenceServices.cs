using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CnnService.Web.Persistence;

/// <summary>Registers the stores over SQLite, or over PostgreSQL if there is a connection string for it.</summary>
internal static class PersistenceServices
{
    public const string ConnectionName = "Postgres";

    /// <summary>
    /// How long a statement waits for a locked SQLite file, in seconds; the library's default of 30 would stall requests.
    /// </summary>
    private const int BusySeconds = 5;

    private static readonly string[] TransientCodes = ["57P01", "57P02", "57P03"];

    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration, DataFolders folders)
    {
        var postgres = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrEmpty(postgres))
        {
            services.AddPooledDbContextFactory<SqliteStoreContext>(options => options
                .UseSqlite($"Data Source={folders.Database};Default Timeout={BusySeconds}").AddInterceptors(new SqlitePragmas()));
            services.AddSingleton(
                provider => new Store(provider.GetRequiredService<IDbContextFactory<SqliteStoreContext>>().CreateDbContext,
                    provider.GetRequiredService<ReservedSpace>()));
        }
        else
        {
            services.AddPooledDbContextFactory<PostgresStoreContext>(options => options.UseNpgsql(
                Complete(postgres), npgsql => npgsql.EnableRetryOnFailure(5, TimeSpan.FromSeconds(10), TransientCodes)));
            services.AddSingleton(
                provider => new Store(provider.GetRequiredService<IDbContextFactory<PostgresStoreContext>>().CreateDbContext,
                    provider.GetRequiredService<ReservedSpace>()));
        }

        services.AddSingleton(_ => string.IsNullOrEmpty(postgres) ? ServiceLock.Take(folders) : ServiceLock.NotNeeded);
        return services
            .AddSingleton(_ => new ReservedSpace(folders))
            .AddSingleton(provider => new LeaseStore<RunRow>(
                provider.GetRequiredService<Store>(), provider.GetRequiredService<TimeProvider>(), RunEvents.AppendStateAsync))
            .AddSingleton(provider => Leases<DatasetRow>(provider))
            .AddSingleton(provider => Leases<ComparisonRow>(provider))
            .AddSingleton(provider => Leases<ClassifyJobRow>(provider))
            .AddSingleton<RunProgressStore>()
            .AddSingleton<DatasetStore>()
            .AddSingleton<RunStore>()
            .AddSingleton<RunFollower>()
            .AddSingleton<SweepStore>()
            .AddSingleton<SweepScheduler>()
            .AddSingleton<ModelStore>()
            .AddSingleton<AliasStore>()
            .AddSingleton<ComparisonStore>()
            .AddSingleton<ShadowStore>()
            .AddSingleton<CaptureStore>()
            .AddSingleton<ClassifyJobStore>()
            .AddSingleton<IdempotencyStore>()
            .AddSingleton<StoreCounts>();
    }

    /// <summary>Acquires the lock on the data directory and migrates the database; to be called before anything else runs.</summary>
    public static async Task OpenStoreAsync(this IServiceProvider services)
    {
        _ = services.GetRequiredService<ServiceLock>();
        await services.GetRequiredService<Store>().UseAsync(context => context.Database.MigrateAsync());
        if (!services.GetRequiredService<IConfiguration>().HasPostgres())
        {
            services.GetRequiredService<ReservedSpace>().Restore();
            await services.GetRequiredService<LeaseStore<RunRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<DatasetRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<ComparisonRow>>().RecoverAsync(CancellationToken.None);
            await services.GetRequiredService<LeaseStore<ClassifyJobRow>>().RecoverAsync(CancellationToken.None);
        }
    }

    public static bool HasPostgres(this IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration.GetConnectionString(ConnectionName));

    private static LeaseStore<T> Leases<T>(IServiceProvider services)
        where T : LeasedRow => new(services.GetRequiredService<Store>(), services.GetRequiredService<TimeProvider>());

    /// <summary>Adds time limits and pool sizes that the connection string does not set.</summary>
    private static string Complete(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        builder.Timeout = builder.ContainsKey("Timeout") ? builder.Timeout : 5;
        builder.CommandTimeout = builder.ContainsKey("Command Timeout") ? builder.CommandTimeout : 15;
        builder.KeepAlive = builder.ContainsKey("Keepalive") ? builder.KeepAlive : 30;
        builder.MaxPoolSize = builder.ContainsKey("Maximum Pool Size") ? builder.MaxPoolSize : 20;
        builder.Options ??= "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s";
        return builder.ConnectionString;
    }
}
