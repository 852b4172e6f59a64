using System.Data;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CnnService.Web.Persistence.Copying;

/// <summary>Where one service keeps its rows and files: an end of a copy.</summary>
/// <param name="services">Has them as <see cref="PersistenceServices"/> registers them.</param>
internal sealed class CopyPlace(IServiceProvider services)
{
    private const string Others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    public DataFolders Folders { get; } = services.GetRequiredService<DataFolders>();

    /// <summary>Null: the rows are in the file <see cref="DataFolders.Database"/>.</summary>
    public PostgresSource? Postgres { get; } = services.GetService<PostgresSource>();

    /// <summary>A snapshot of rows on its way to the database of this place.</summary>
    public string Snapshot => $"{Folders.Database}{DurableFile.TemporaryMark}copy";

    /// <summary>Rows and files, in words.</summary>
    public string Described => Database is { } database
        ? $"{database}, files in {Folders.Copies.Place ?? $"'{Folders.Root}'"}"
        : $"'{Folders.Root}'";

    /// <summary>PostgreSQL's database, in words; null where there is none.</summary>
    public string? Database =>
        services.GetRequiredService<IConfiguration>().GetConnectionString(PersistenceServices.ConnectionName) is { Length: > 0 } connection
        && new NpgsqlConnectionStringBuilder(connection) is var told
            ? $"PostgreSQL's '{told.Database}' at {told.Host}:{told.Port}"
            : null;

    /// <summary>Another place than that of this process, by settings as a service has them.</summary>
    /// <exception cref="OptionsValidationException">The settings do not fit together.</exception>
    public static ServiceProvider Open(IConfiguration configuration)
    {
        var folders = ArtifactServices.CreateFolders(configuration);
        var provider = new ServiceCollection().AddLogging().AddSingleton(configuration).AddSingleton(TimeProvider.System)
            .AddSingleton(folders).AddArtifactRules(configuration).AddPersistence(configuration, folders).BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider;
    }

    /// <summary>A snapshot's rows.</summary>
    public static StoreContext OpenSnapshot(string file) => new SqliteStoreContext(
        new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite($"Data Source={file};Pooling=False").Options);

    /// <summary>Keeps services away from the data directory, or those with another kind of database, until it is disposed.</summary>
    /// <exception cref="StartRefusedException">There are some.</exception>
    public ServiceLock Lock() => Postgres is null ? ServiceLock.Take(Folders) : ServiceLock.Share(Folders);

    /// <summary>PostgreSQL's rows, without limits of time, nor tried again.</summary>
    public StoreContext OpenPostgres() => new PostgresStoreContext(
        new DbContextOptionsBuilder<PostgresStoreContext>().UseNpgsql(Postgres!.CreateDirect(), contextOwnsConnection: true).Options);

    /// <summary>Brings the database of PostgreSQL to the form that this program knows.</summary>
    public Task MigrateAsync(CancellationToken cancel) => services.GetRequiredService<DatabaseMigration>().RunAsync(cancel);

    /// <summary>The workers that have told lately, by name.</summary>
    public async Task<IReadOnlyList<string>> WorkersAsync(CancellationToken cancel) =>
        [.. (await services.GetRequiredService<WorkerStore>().LiveAsync(cancel)).Select(worker => worker.Name)];

    /// <summary>Number of connections that others hold to PostgreSQL's database, or their poolers.</summary>
    public async Task<long> ConnectionsAsync(CancellationToken cancel)
    {
        await using var connection = Postgres!.CreateDirect();
        await connection.OpenAsync(cancel);
        return (long)(await PostgresSource.ExecuteAsync(connection, Others, cancel))!;
    }

    /// <summary>Whether there is a database of the form that this program knows, or an older one that it can bring there.</summary>
    /// <exception cref="StartRefusedException">There is not.</exception>
    public async Task RequireRowsAsync(CancellationToken cancel)
    {
        if (Postgres is null)
        {
            if (!SqliteFile.Exists(Folders.Database))
            {
                throw new StartRefusedException($"There is nothing to copy: '{Folders.Root}' holds no database.");
            }

            return;
        }

        if (Folders.Copies.AreUsed)
        {
            Folders.Create(); // A cache, which may be lost.
        }
        else if (!Directory.Exists(Folders.Root))
        {
            throw new StartRefusedException($"There is nothing to copy: the data directory '{Folders.Root}' is not there.");
        }

        await using var context = OpenPostgres();
        if ((await context.Database.GetPendingMigrationsAsync(cancel)).Any())
        {
            throw new StartRefusedException($"{Database} is empty or of an older release: 'migrate' brings it to this one.");
        }
    }

    /// <summary>Writes all rows, as they are at one moment whoever writes meanwhile, to a new SQLite file of this program's form.</summary>
    public async Task SnapshotAsync(string file, CancellationToken cancel)
    {
        SqliteFile.Delete(file);
        if (Postgres is null)
        {
            await SqliteFile.CopyAsync(Folders.Database, file);
        }

        await using var to = OpenSnapshot(file);
        if ((await to.Database.GetAppliedMigrationsAsync(cancel)).Except(to.Database.GetMigrations()).Any())
        {
            throw new StartRefusedException($"The database of {Described} was written by a newer release than this one.");
        }

        await to.Database.MigrateAsync(cancel);
        if (Postgres is null)
        {
            return;
        }

        await using var from = OpenPostgres();
        await using var moment = await from.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await using var all = await to.Database.BeginTransactionAsync(cancel);
        await RowCopy.CopyAllAsync(from, to, cancel);
        await all.CommitAsync(cancel);
    }

    /// <summary>Makes a snapshot the database of this place, whole or not at all.</summary>
    public async Task FillAsync(string snapshot, CancellationToken cancel)
    {
        if (Postgres is null)
        {
            await using (var context = OpenSnapshot(snapshot))
            {
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=DELETE", cancel); // One file, that can be read anywhere.
            }

            using (var file = File.OpenHandle(snapshot, FileMode.Open, FileAccess.Write))
            {
                DurableFile.Flush(file, snapshot);
            }

            DurableFile.Publish(snapshot, Folders.Database);
            return;
        }

        await using var from = OpenSnapshot(snapshot);
        await using var to = OpenPostgres();
        await using var all = await to.Database.BeginTransactionAsync(cancel);
        await RowCopy.CopyAllAsync(from, to, cancel);
        await all.CommitAsync(cancel);
        SqliteFile.Delete(snapshot);
    }

    /// <summary>Number of rows of PostgreSQL's database.</summary>
    public async Task<int> CountPostgresAsync(CancellationToken cancel)
    {
        await using var context = OpenPostgres();
        return await RowCopy.CountAllAsync(context, cancel);
    }
}
