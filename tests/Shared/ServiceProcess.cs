using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CnnService.Tests.Shared;

/// <summary>
/// The service as users run it: its own process on a free loopback port. Disposing kills it. It is the one built beside this
/// assembly, or the published executable that <c>CNNSERVICE_EXECUTABLE</c> names.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServiceProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
#pragma warning disable RS0030 // A test's one client of one process; there is no factory to take it from.
        Client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(5) };
#pragma warning restore RS0030
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    public Uri Url { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join('\n', _output);
            }
        }
    }

    /// <summary>Resident memory of the process, in bytes, as the kernel counts it.</summary>
    public long ResidentBytes => File.ReadLines($"/proc/{Id}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .Single();

    /// <summary>Starts the service on this data directory and waits until it is live.</summary>
    /// <param name="dataDirectory">Kept between starts by the caller.</param>
    /// <param name="settings">Further settings, such as <c>--Training:CheckpointEvery=00:00:01</c>.</param>
    public static async Task<ServiceProcess> StartAsync(string dataDirectory, params string[] settings)
    {
        var service = Launch(dataDirectory, settings);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            if (service.HasExited)
            {
                throw new InvalidOperationException($"The service ended with code {service.ExitCode}:\n{service.Output}");
            }

            if (await service.IsLiveAsync())
            {
                return service;
            }
        }

        throw new TimeoutException($"The service is not live after 60 s:\n{service.Output}");
    }

    /// <summary>Starts the service without waiting; for starts that must be refused.</summary>
    public static ServiceProcess Launch(string dataDirectory, params string[] settings)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var published = Environment.GetEnvironmentVariable("CNNSERVICE_EXECUTABLE");
        var start = new ProcessStartInfo(published ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        if (published is null)
        {
            start.ArgumentList.Add(Path.Combine(
                Repository.Root, "src", "CnnService.Web", "bin", Repository.Configuration, "net10.0", "CnnService.Web.dll"));
        }

        start.ArgumentList.Add($"--DataDirectory={dataDirectory}");
        if (!settings.Any(setting => setting.StartsWith("--urls", StringComparison.OrdinalIgnoreCase)))
        {
            start.ArgumentList.Add($"--urls={url.GetLeftPart(UriPartial.Authority)}");
        }

        settings.ToList().ForEach(start.ArgumentList.Add);
        return new ServiceProcess(Process.Start(start)!, url);
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsLiveAsync()
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("health/live", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet: the caller asks again until its time is up.
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }
    }
}
