using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CnnService.Tests.Shared;

/// <summary>A PostgreSQL server of its own, on a free loopback port and in a folder that is deleted with it.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    public const string Installed = "/usr/lib/postgresql";

    private const int Tries = 5;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _binaries;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnservice-postgres-");
    private Process? _server;
    private int _port;

    private PostgresProcess(string binaries) => _binaries = binaries;

    /// <summary>Where the newest installed PostgreSQL has its programs; null if there is none.</summary>
    public static string? FindBinaries() => Directory.Exists(Installed)
        ? Directory.EnumerateDirectories(Installed).Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>Makes a server and waits until it answers.</summary>
    /// <param name="binaries">As <see cref="FindBinaries"/> gave it.</param>
    public static async Task<PostgresProcess> CreateAsync(string binaries)
    {
        var server = new PostgresProcess(binaries);
        if (Environment.UserName == "root") // PostgreSQL refuses to run as root.
        {
            await RequireAsync("chown", "postgres", server._folder.FullName);
        }

        await RequireAsync(AsPostgres(
            server.Program("initdb"), "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        for (var attempt = 1; ; attempt++)
        {
            server._port = FreePort(); // Another process may take it before the server does: then the server ends, and gets another.
            server._server = server.LaunchServer();
            if (await server.AnswersAsync())
            {
                return server;
            }

            var code = server._server.ExitCode;
            server._server.Dispose();
            if (attempt == Tries)
            {
                throw new InvalidOperationException($"PostgreSQL ended with code {code}.");
            }
        }
    }

    /// <summary>A connection string.</summary>
    public string Connection(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    /// <summary>Runs a statement as the server's owner.</summary>
    public Task ExecuteAsync(string sql) => RequireAsync(Query(sql));

    /// <summary>Ends the server; it is away until <see cref="StartAsync"/>.</summary>
    /// <param name="signal"><c>INT</c> rolls back and stops, <c>QUIT</c> stops at once, as after a crash.</param>
    public async Task StopAsync(string signal = "INT")
    {
        if (_server is not null)
        {
            // It may have ended by itself.
            await RunAsync(["kill", $"-{signal}", _server.Id.ToString(CultureInfo.InvariantCulture)]);
            await _server.WaitForExitAsync();
            _server.Dispose();
            _server = null;
        }
    }

    /// <summary>Starts the stopped server where it was; returns when it answers.</summary>
    public async Task StartAsync()
    {
        _server = LaunchServer();
        if (!await AnswersAsync())
        {
            throw new InvalidOperationException("PostgreSQL did not start again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    private Process LaunchServer() => Launch(AsPostgres(
        Program("postgres"), "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName, "-c",
        "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200"));

    /// <summary>Waits until the server answers; false where it has ended.</summary>
    private async Task<bool> AnswersAsync()
    {
        for (var waited = Stopwatch.StartNew(); !_server!.HasExited && waited.Elapsed < Limit; await Task.Delay(100))
        {
            if (await RunAsync(Query("select 1")) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private string[] Query(string sql) =>
    [
        Program("psql"), "-X", "-q", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-v",
        "ON_ERROR_STOP=1", "-c", sql, "postgres",
    ];

    private string Program(string name) => Path.Combine(_binaries, name);

    private static string[] AsPostgres(params string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : command;

    private static async Task RequireAsync(params string[] command)
    {
        if (await RunAsync(command) is var code and not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with code {code}.");
        }
    }

    private static async Task<int> RunAsync(string[] command)
    {
        using var process = Launch(command);
        await process.WaitForExitAsync();
        return process.ExitCode;
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
}
