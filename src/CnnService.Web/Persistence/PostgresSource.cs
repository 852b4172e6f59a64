using System.Data.Common;
using Npgsql;

namespace CnnService.Web.Persistence;

/// <summary>
/// How this process reaches PostgreSQL: one pool of connections for everything, which may lead through PgBouncer in transaction mode, and
/// connections of its own for what needs a session. Thread safe.
/// </summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    /// <summary>Connection string that bypasses a pooler, for migrations and notifications.</summary>
    public const string DirectName = "PostgresDirect";

    /// <summary>Set by a statement and not when a connection is opened, because PgBouncer refuses what it does not know there.</summary>
    private const string Limits =
        "set statement_timeout = '15s'; set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '30s'";

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 15;
    private const int KeepAliveSeconds = 30;
    private const int IdleSeconds = 30;

    private readonly string _direct;

    /// <param name="configuration">Has the connection strings.</param>
    /// <param name="connections">Most connections of the pool.</param>
    public PostgresSource(IConfiguration configuration, int connections)
    {
        var pooled = configuration.GetConnectionString(PersistenceServices.ConnectionName)!;
        _direct = configuration.GetConnectionString(DirectName) is { Length: > 0 } direct ? direct : pooled;
        IsDirect = _direct != pooled;
        var source = new NpgsqlDataSourceBuilder(Complete(pooled, connections));
        if (source.ConnectionStringBuilder.Options is null)
        {
            source.UsePhysicalConnectionInitializer(Limit, LimitAsync);
        }

        Pool = source.Build();
    }

    public DbDataSource Pool { get; }

    /// <summary>Whether there is a connection string that bypasses a pooler.</summary>
    public bool IsDirect { get; }

    /// <summary>A connection of its own, without limits of time, that is closed when disposed.</summary>
    public NpgsqlConnection CreateDirect() => new(new NpgsqlConnectionStringBuilder(Complete(_direct, connections: 1))
    {
        Pooling = false,
        CommandTimeout = 0,
    }.ConnectionString);

    /// <summary>Carries out a statement; gives the first value of the first row that it returns, null where it returns none.</summary>
    public static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command)
        {
            return await command.ExecuteScalarAsync(cancel);
        }
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    /// <summary>Adds what the connection string does not set.</summary>
    private static string Complete(string connection, int connections)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        builder.Timeout = builder.ContainsKey("Timeout") ? builder.Timeout : ConnectSeconds;
        builder.CommandTimeout = builder.ContainsKey("Command Timeout") ? builder.CommandTimeout : CommandSeconds;
        builder.KeepAlive = builder.ContainsKey("Keepalive") ? builder.KeepAlive : KeepAliveSeconds;
        builder.MaxPoolSize = builder.ContainsKey("Maximum Pool Size") ? builder.MaxPoolSize : connections;
        builder.ConnectionIdleLifetime =
            builder.ContainsKey("Connection Idle Lifetime") ? builder.ConnectionIdleLifetime : IdleSeconds;
        builder.NoResetOnClose = true; // Nothing is left in a session but the limits.
        return builder.ConnectionString;
    }

    private static void Limit(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Limits, connection);
        command.ExecuteNonQuery();
    }

    private static async Task LimitAsync(NpgsqlConnection connection)
    {
        await ExecuteAsync(connection, Limits, CancellationToken.None);
    }
}
