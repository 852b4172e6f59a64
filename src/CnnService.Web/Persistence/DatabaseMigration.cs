using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CnnService.Web.Persistence;

/// <summary>
/// Brings the database to its newest form. Of several processes that start on PostgreSQL at once, one does it while the others wait: they
/// take turns by a lock that the database gives back when its owner dies.
/// </summary>
internal sealed partial class DatabaseMigration(Store store, IServiceProvider services, ILogger<DatabaseMigration> logger)
{
    /// <summary>Names the lock, among those that others may take in the same database.</summary>
    public const long LockKey = 0x436e6e5365727669;

    /// <summary>
    /// Those of the pool, which a pooler may have left in a session. The lock is held by a transaction, which poolers keep whole.
    /// </summary>
    private const string NoLimits =
        "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0";

    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public Task RunAsync(CancellationToken cancel) => services.GetService<PostgresSource>() is { } source
        ? InTurnAsync(source, cancel)
        : store.UseAsync(context => context.Database.MigrateAsync(cancel));

    /// <summary>Number of steps that the database still needs to its newest form; all of them where it is empty.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public Task<int> CountDueAsync(CancellationToken cancel) =>
        store.UseAsync(async context => (await context.Database.GetPendingMigrationsAsync(cancel)).Count());

    private async Task InTurnAsync(PostgresSource source, CancellationToken cancel)
    {
        try
        {
            var connection = source.CreateDirect();
            await using (connection)
            {
                await connection.OpenAsync(cancel);
                var transaction = await connection.BeginTransactionAsync(cancel);
                await using (transaction)
                {
                    await WaitForTurnAsync(connection, cancel);
                    await MigrateAsync(source, cancel);
                    await transaction.CommitAsync(cancel);
                }
            }
        }
        catch (Exception failure) when (StoreFailure.IsUnavailable(failure))
        {
            throw StoreUnavailableException.From(failure);
        }
    }

    private async Task WaitForTurnAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await PostgresSource.ExecuteAsync(connection, NoLimits, cancel);
        if (await PostgresSource.ExecuteAsync(connection, $"select pg_try_advisory_xact_lock({LockKey})", cancel) is not true)
        {
            LogWaiting();
            await PostgresSource.ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancel);
        }
    }

    /// <summary>On a connection of its own: each migration is a transaction.</summary>
    private static async Task MigrateAsync(PostgresSource source, CancellationToken cancel)
    {
        var connection = source.CreateDirect();
        await using (connection)
        {
            var context = new PostgresStoreContext(
                new DbContextOptionsBuilder<PostgresStoreContext>().UseNpgsql(connection).Options);
            await using (context)
            {
                await context.Database.MigrateAsync(cancel);
            }
        }
    }
}
