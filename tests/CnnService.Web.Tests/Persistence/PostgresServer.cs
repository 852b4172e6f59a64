using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(CnnService.Web.Tests.Persistence.PostgresServer))]

namespace CnnService.Web.Tests.Persistence;

/// <summary>A PostgreSQL of these tests' own, on a free port, started when first asked for. Tests that need it skip where none is
/// installed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";

    private readonly SemaphoreSlim _once = new(1);
    private string _binaries = string.Empty;
    private DirectoryInfo? _folder;
    private Process? _server;
    private int _port;
    private int _databases;

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _once.WaitAsync();
        try
        {
            if (_server is null)
            {
                await CreateAsync(Binaries());
            }
        }
        finally
        {
            _once.Release();
        }

        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name}");
        return Connection(name);
    }

    /// <summary>Ends every connection to one test's database, as a restart of the server does.</summary>
    /// <param name="connection">As <see cref="NewDatabaseAsync"/> gave it.</param>
    public Task DropConnectionsAsync(string connection) => ExecuteAsync(
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = "
        + $"'{new NpgsqlConnectionStringBuilder(connection).Database}'");

    /// <summary>Ends the server; it is away until <see cref="StartAsync"/>.</summary>
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await RunAsync("kill", "-INT", _server.Id.ToString(CultureInfo.InvariantCulture)); // Rolls back and stops.
            await _server.WaitForExitAsync();
            _server.Dispose();
            _server = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await StopAsync();

        _folder?.Delete(recursive: true);
        _once.Dispose();
    }

    private static string Binaries()
    {
        var newest = Directory.Exists(Installed)
            ? Directory.EnumerateDirectories(Installed).Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")))
                .Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (newest is null)
        {
            Assert.Skip($"needs PostgreSQL under {Installed} (Debian: postgresql)");
        }

        return Path.Combine(newest, "bin");
    }

    private async Task CreateAsync(string binaries)
    {
        _binaries = binaries;
        _folder = Directory.CreateTempSubdirectory("cnnservice-postgres-");
        var data = Path.Combine(_folder.FullName, "data");
        if (Environment.UserName == "root") // PostgreSQL refuses to run as root.
        {
            await RunAsync("chown", "postgres", _folder.FullName);
        }

        await RunAsync(
            AsPostgres(Path.Combine(binaries, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
                "--no-sync"));
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort(); // Another process may take it before the server does: then the server ends, and gets another.
            _server?.Dispose();
            _server = LaunchServer();
            if (await AnswersAsync(_server))
            {
                return;
            }

            Assert.True(attempt < 5, $"PostgreSQL ended with code {_server.ExitCode}");
        }
    }

    /// <summary>Starts the stopped server where it was; returns when it answers.</summary>
    public async Task StartAsync()
    {
        _server = LaunchServer();
        Assert.True(await AnswersAsync(_server), "PostgreSQL did not start again");
    }

    private Process LaunchServer() => Launch(AsPostgres(
        Path.Combine(_binaries, "postgres"), "-D", Path.Combine(_folder!.FullName, "data"),
        "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
        "-c", "max_connections=200"));

    /// <summary>Waits until the server answers; false where it has ended.</summary>
    private async Task<bool> AnswersAsync(Process server)
    {
        for (var waited = Stopwatch.StartNew(); !server.HasExited; await Task.Delay(100))
        {
            try
            {
                await ExecuteAsync("select 1");
                return true;
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromMinutes(10))
            {
                // Still starting.
            }
        }

        return false;
    }

    private static string[] AsPostgres(params string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : command;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Launch(command);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with code {process.ExitCode}");
    }

    /// <summary>With output that nobody waits to read.</summary>
    private static Process Launch(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Connection(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
