using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>
/// s3rver, an S3 server for Node, on a free loopback port; npm installs it once into the folder of temporary files, or
/// <c>CNNSERVICE_S3RVER</c> names its program. Tests that need it skip where there is neither.
/// </summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "cnnservice";

    private const string Package = "s3rver@3.7.1";
    private const string Key = "S3RVER"; // The one that it knows, and its secret.

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port;
    private Process _process;

    private S3Server(string program)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        Program = program;
        _process = Launch();
    }

    /// <summary>The folder of the objects.</summary>
    public string Data => _folder.Path;

    private string Program { get; }

    public static async Task<S3Server> StartAsync()
    {
        var program = Environment.GetEnvironmentVariable("CNNSERVICE_S3RVER") ?? await InstallAsync();
        Assert.SkipWhen(program is null, $"needs Node and {Package} (npm)");
        var server = new S3Server(program!);
        await server.ListensAsync();
        return server;
    }

    public S3Settings Settings(string bucket) => new()
    {
        Endpoint = $"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
        Bucket = bucket,
        AccessKey = Key,
        SecretKey = Key,
    };

    /// <summary>The same as settings of a service.</summary>
    public string[] Arguments() =>
    [
        "--Artifacts:Store=s3", $"--Artifacts:S3:Endpoint=http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
        $"--Artifacts:S3:Bucket={Bucket}", $"--Artifacts:S3:AccessKey={Key}", $"--Artifacts:S3:SecretKey={Key}",
    ];

    /// <summary>Ends the server, whose objects stay.</summary>
    public async Task StopAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch();
        await ListensAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        _process.Dispose();
        if (Directory.Exists(_folder.Path))
        {
            _folder.Dispose();
        }
    }

    /// <summary>Null where npm cannot.</summary>
    private static async Task<string?> InstallAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "cnnservice-s3rver")).FullName;
        var program = Path.Combine(folder, "node_modules", ".bin", "s3rver");
        if (!File.Exists(program))
        {
            try
            {
                using var npm = Start("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", Package);
                await npm.WaitForExitAsync();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null; // There is no npm.
            }
        }

        return File.Exists(program) ? program : null;
    }

    private Process Launch() => Start(
        Program, "-d", _folder.Path, "-a", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "--no-vhost-buckets",
        "--configure-bucket", Bucket);

    private static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private async Task ListensAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return;
            }
            catch (SocketException) when (waited.Elapsed < Limit && !_process.HasExited)
            {
                // Asked again.
            }
        }
    }
}
