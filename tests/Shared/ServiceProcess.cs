using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnService.Tests.Shared;

/// <summary>
/// The service as users run it: its own process on a free loopback port. Disposing kills it. It is the one built beside this
/// assembly, or the published executable that <c>CNNSERVICE_EXECUTABLE</c> names.
/// </summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    /// <summary>Far longer than a start takes under load.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private ServiceProcess(Process process)
    {
        _process = process;
#pragma warning disable RS0030 // A test's one client of one process; there is no factory to take it from.
        Client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
#pragma warning restore RS0030
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    /// <summary>Where it listens; a service that was not waited for has none.</summary>
    public Uri Url => Client.BaseAddress ?? throw new InvalidOperationException("The service was not waited for.");

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
    public static Task<ServiceProcess> StartAsync(string dataDirectory, params string[] settings) =>
        StartAsync(dataDirectory, new Dictionary<string, string>(), settings);

    /// <inheritdoc cref="StartAsync(string, string[])"/>
    public static async Task<ServiceProcess> StartAsync(
        string dataDirectory, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var service = Launch(dataDirectory, environment, settings);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Limit; await Task.Delay(100))
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

        throw new TimeoutException($"The service is not live after {Limit.TotalMinutes} minutes:\n{service.Output}");
    }

    /// <summary>Starts the service without waiting; for starts that must be refused, and verbs, given as the first setting.</summary>
    public static ServiceProcess Launch(string dataDirectory, params string[] settings) =>
        Launch(dataDirectory, new Dictionary<string, string>(), settings);

    /// <summary>Carries out a verb, given as the first of the words, and waits for its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string dataDirectory, params string[] words)
    {
        await using var process = Launch(dataDirectory, words);
        await process.WaitForExitAsync(Limit);
        return (process.ExitCode, process.Output);
    }

    private static ServiceProcess Launch(string dataDirectory, IReadOnlyDictionary<string, string> environment, string[] settings)
    {
        var start = Program();
        start.Environment["Starts__Patience"] = "00:10:00"; // However busy the machine is.
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        while (settings is [var word, ..] && !word.StartsWith('-'))
        {
            start.ArgumentList.Add(word); // A verb, and what it takes, come first.
            settings = settings[1..];
        }

        start.ArgumentList.Add($"--DataDirectory={dataDirectory}");
        if (!settings.Any(setting => setting.StartsWith("--urls", StringComparison.OrdinalIgnoreCase)))
        {
            // The system chooses the port: one that was free a moment ago may be taken.
            start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        }

        settings.ToList().ForEach(start.ArgumentList.Add);
        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>How to start the service's program, whose output is read here.</summary>
    public static ProcessStartInfo Program(params string[] arguments)
    {
        var published = Environment.GetEnvironmentVariable("CNNSERVICE_EXECUTABLE");
        var assembly = Path.Combine(
            Repository.Root, "src", "CnnService.Web", "bin", Repository.Configuration, "net10.0", "CnnService.Web.dll");
        return new(published ?? "dotnet", published is null ? [assembly, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
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

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Address();

    private async Task<bool> IsLiveAsync()
    {
        Client.BaseAddress ??= Address().Match(Output) is { Success: true } told ? new Uri(told.Groups[1].Value) : null;
        if (Client.BaseAddress is null)
        {
            return false;
        }

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
