using CnnService.Tests.Shared;
using Npgsql;

[assembly: AssemblyFixture(typeof(CnnService.Web.Tests.Persistence.PostgresServer))]

namespace CnnService.Web.Tests.Persistence;

/// <summary>A PostgreSQL of these tests' own, started when first asked for. Tests that need it skip where none is installed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private PostgresProcess? _server;
    private int _databases;
    private string? _template;

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _once.WaitAsync();
        try
        {
            _server ??= await PostgresProcess.CreateAsync(Binaries());
        }
        finally
        {
            _once.Release();
        }

        return await CreateAsync("template1");
    }

    /// <summary>The connection string of a new database with all tables and no rows: migrating each takes most of a second.</summary>
    /// <param name="migrate">Makes the tables of the first one, and leaves no connection to it.</param>
    public async Task<string> NewMigratedDatabaseAsync(Func<string, Task> migrate)
    {
        ArgumentNullException.ThrowIfNull(migrate);
        var first = _template is null ? await NewDatabaseAsync() : null;
        await _once.WaitAsync();
        try
        {
            if (_template is null)
            {
                await migrate(first!);
                _template = new NpgsqlConnectionStringBuilder(first).Database;
            }

            return await CreateAsync(_template!); // One at a time: none may be connected to the template.
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<string> CreateAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await _server!.ExecuteAsync($"create database {name} template {template}");
        return _server.Connection(name);
    }

    /// <summary>Ends every connection to one test's database, as a restart of the server does.</summary>
    /// <param name="connection">As <see cref="NewDatabaseAsync"/> gave it.</param>
    public Task DropConnectionsAsync(string connection) => _server!.ExecuteAsync(
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = "
        + $"'{new NpgsqlConnectionStringBuilder(connection).Database}'");

    /// <summary>Ends the server; it is away until <see cref="StartAsync"/>.</summary>
    public Task StopAsync() => _server!.StopAsync();

    /// <summary>Starts the stopped server where it was; returns when it answers.</summary>
    public Task StartAsync() => _server!.StartAsync();

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _once.Dispose();
    }

    private static string Binaries()
    {
        var binaries = PostgresProcess.FindBinaries();
        if (binaries is null)
        {
            Assert.Skip($"needs PostgreSQL under {PostgresProcess.Installed} (Debian: postgresql)");
        }

        return binaries;
    }
}
