using Npgsql;

namespace CnnService.Web.Persistence;

/// <summary>
/// Rings the bell when PostgreSQL notifies that work waits. Behind a pooler, which passes no notifications on, there is nothing to listen
/// to, and work is found by looking for it.
/// </summary>
internal sealed partial class PostgresListener(PostgresSource source, WorkBell bell, TimeProvider clock, ILogger<PostgresListener> logger)
    : BackgroundService
{
    /// <summary>Notified by triggers on the tables of leased work.</summary>
    public const string Channel = "cnnservice_work";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await ListenAsync(stoppingToken);
                LogPolling();
                return;
            }
            catch (Exception failure) when (StoreFailure.IsUnavailable(failure))
            {
                await Task.Delay(RetryAfter, clock, stoppingToken); // Told by StoreAvailability.
            }
        }
    }

    /// <summary>Returns only where a pooler stands between.</summary>
    private async Task ListenAsync(CancellationToken cancel)
    {
        var connection = source.CreateDirect();
        await using (connection)
        {
            await connection.OpenAsync(cancel);
            if (await IsPooledAsync(connection, cancel))
            {
                return;
            }

            connection.Notification += (_, _) => bell.Ring();
            await PostgresSource.ExecuteAsync(connection, $"listen {Channel}", cancel);
            bell.Ring(); // What began to wait while nobody listened.
            while (true)
            {
                await connection.WaitAsync(cancel);
            }
        }
    }

    /// <summary>Whether the process that answers is not the one that was connected to.</summary>
    private static async Task<bool> IsPooledAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        await PostgresSource.ExecuteAsync(connection, "select pg_backend_pid()", cancel) is int process && process != connection.ProcessID;
}
