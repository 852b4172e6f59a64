using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Benchmarks;

/// <summary>A running service with its own data directory, and the few calls every scenario makes.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private readonly Dictionary<string, string> _devices = new(StringComparer.Ordinal);

    private Workbench(string folder, string[] settings, ServiceProcess service)
    {
        _folder = folder;
        _settings = settings;
        Service = service;
    }

    public ServiceProcess Service { get; private set; }

    public string PixelCache => Path.Combine(_folder, "cache", "pixels");

    public static async Task<Workbench> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("cnnservice-").FullName;
        return new Workbench(folder, settings, await ServiceProcess.StartAsync(folder, settings));
    }

    /// <summary>Starts the service again on the same data directory.</summary>
    public async Task RestartAsync()
    {
        await Service.DisposeAsync();
        Service = await ServiceProcess.StartAsync(_folder, _settings);
    }

    public async Task<JsonElement> GetAsync(string path) =>
        await Service.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Service.Client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? json : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {json}");
    }

    /// <summary>Imports the sample or a zip file and waits until it is ready; returns the seconds it took.</summary>
    /// <param name="name">The data set's.</param>
    /// <param name="archive">A zip file; none means the sample.</param>
    /// <param name="validation">Share of the training images to keep for validation where the archive has no such split.</param>
    public async Task<double> ImportAsync(string name, string? archive = null, double? validation = null)
    {
        var watch = Stopwatch.StartNew();
        if (archive is null)
        {
            await PostAsync("datasets", new { name, sample = "shapes" });
        }
        else
        {
            await UploadAsync(name, archive, validation);
        }

        for (; ; await Task.Delay(100))
        {
            var dataset = await GetAsync($"datasets/{name}");
            switch (dataset.GetProperty("status").GetString())
            {
                case "ready":
                    return watch.Elapsed.TotalSeconds;
                case "failed":
                    throw new InvalidOperationException($"The import failed: {dataset}");
            }
        }
    }

    /// <summary>Starts a run; returns its id.</summary>
    public async Task<string> TrainAsync(object request)
    {
        var run = (await PostAsync("train", request)).GetProperty("id").GetString()!;
        if (JsonSerializer.SerializeToElement(request).TryGetProperty("device", out var device))
        {
            _devices[run] = device.GetString()!;
        }

        return run;
    }

    /// <summary>
    /// Waits until the run has ended well; returns it. A run that was asked for on one device and was on another ends the benchmark: its
    /// figures would be those of another machine.
    /// </summary>
    public async Task<JsonElement> FinishedAsync(string run)
    {
        for (; ; await Task.Delay(200))
        {
            var json = await GetAsync($"runs/{run}");
            switch (json.GetProperty("state").GetString())
            {
                case "succeeded":
                    RequireDevice(_devices.GetValueOrDefault(run, "auto"), json.GetProperty("device").GetString()!);
                    return json;
                case "failed" or "cancelled":
                    throw new InvalidOperationException($"The run did not succeed: {json}\n{Service.Output}");
            }
        }
    }

    public async Task<JsonElement[]> HistoryAsync(string run) =>
        [.. (await GetAsync($"runs/{run}/history")).EnumerateArray()];

    public async Task<double> TestAccuracyAsync(string run) =>
        (await GetAsync($"runs/{run}/evaluation?split=test")).GetProperty("accuracy").GetDouble();

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static void RequireDevice(string asked, string used)
    {
        if (asked != "auto" && !used.StartsWith(asked, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The run was asked for on {asked} and was on {used}.");
        }
    }

    private async Task UploadAsync(string name, string archive, double? validation)
    {
        using var form = new MultipartFormDataContent();
        using var nameContent = new StringContent(name);
        using var file = new StreamContent(File.OpenRead(archive));
        using var fraction = new StringContent(validation?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
        form.Add(nameContent, "name");
        if (validation is not null)
        {
            form.Add(fraction, "validationFraction");
        }

        form.Add(file, "file", Path.GetFileName(archive));
        using var answer = await Service.Client.PostAsync(new Uri("datasets", UriKind.Relative), form);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"POST /datasets: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
