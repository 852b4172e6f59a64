using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CnnService.Tests.Shared;

/// <summary>PgBouncer in transaction mode before a PostgreSQL server, on a free loopback port.</summary>
internal sealed class PgBouncerProcess : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnservice-pgbouncer-");
    private readonly int _port;
    private readonly Process _process;

    private PgBouncerProcess(int server)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var settings = Path.Combine(_folder.FullName, "pgbouncer.ini");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host=127.0.0.1 port={server} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            auth_type = any
            pool_mode = transaction
            unix_socket_dir =
            """));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
            File.SetUnixFileMode(settings, Readable);
            File.SetUnixFileMode(_folder.FullName, Readable | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        }

        string[] command = Environment.UserName == "root" // It refuses to run as root.
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", Program, settings]
            : [Program, settings];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts it before a server on a loopback port and waits until it listens.</summary>
    public static async Task<PgBouncerProcess> StartAsync(int server)
    {
        var pooler = new PgBouncerProcess(server);
        for (var waited = Stopwatch.StartNew(); !await pooler.ListensAsync(); await Task.Delay(100))
        {
            if (pooler._process.HasExited || waited.Elapsed > Limit)
            {
                throw new InvalidOperationException("PgBouncer does not listen.");
            }
        }

        return pooler;
    }

    /// <summary>The connection string of a database, through it.</summary>
    public string Connection(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false; // Asked again.
        }
    }
}
