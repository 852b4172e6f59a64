using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Benchmarks;

/// <summary>A running service with its own data directory, and the few calls every scenario makes.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    /// <summary>How long a request is repeated that is told to come again later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string[] _settings;
    private readonly ConcurrentDictionary<string, string> _devices = new(StringComparer.Ordinal);

    private Workbench(string folder, string[] settings, ServiceProcess service)
    {
        _folder = folder;
        _settings = settings;
        Service = service;
    }

    public ServiceProcess Service { get; private set; }

    /// <summary>Is told of each answer that says to come again later: status, code and operation.</summary>
    public Action<string> ToldToWait { get; set; } = what => Figures.Print($"told to come again: {what}");

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

    public Task<JsonElement> GetAsync(string path) => JsonAsync(HttpMethod.Get, path);

    public Task<JsonElement> PostAsync(string path, object body) => JsonAsync(HttpMethod.Post, path, () => JsonContent.Create(body));

    /// <summary>
    /// Sends a request; one that is told to come again later (429, 503 with Retry-After) does so, a POST under the same key.
    /// </summary>
    /// <param name="method">Of the request.</param>
    /// <param name="path">Relative.</param>
    /// <param name="content">Makes the body, anew for each try.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Func<HttpContent>? content = null)
    {
        var key = $"{Guid.NewGuid():N}";
        for (var waited = Stopwatch.StartNew(); ;)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content?.Invoke() };
            if (method == HttpMethod.Post)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            var answer = await Service.Client.SendAsync(request);
            if ((int)answer.StatusCode is not (429 or 503) || answer.Headers.RetryAfter?.Delta is not { } pause
                || waited.Elapsed > Patience)
            {
                return answer;
            }

            using (answer)
            {
                ToldToWait($"{(int)answer.StatusCode} {await CodeAsync(answer)} at {method} /{path.Split('/', '?')[0]}");
            }

            await Task.Delay(pause);
        }
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
    /// <summary>Waits for a run's end; tells each epoch as it comes, so that a program that is cut short has told some.</summary>
    public async Task<JsonElement> FinishedAsync(string run, Action<JsonElement>? onEpoch = null)
    {
        for (var told = 0; ; await Task.Delay(200))
        {
            var json = await GetAsync($"runs/{run}");
            if (onEpoch is not null)
            {
                var history = await HistoryAsync(run);
                Array.ForEach(history[told..], onEpoch);
                told = history.Length;
            }

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

    private Task<JsonElement> UploadAsync(string name, string archive, double? validation) =>
        JsonAsync(HttpMethod.Post, "datasets", () =>
        {
            var form = new MultipartFormDataContent { { new StringContent(name), "name" } };
            if (validation is { } fraction)
            {
                form.Add(new StringContent(fraction.ToString(CultureInfo.InvariantCulture)), "validationFraction");
            }

            form.Add(new StreamContent(File.OpenRead(archive)), "file", Path.GetFileName(archive));
            return form;
        });

    private async Task<JsonElement> JsonAsync(HttpMethod method, string path, Func<HttpContent>? content = null)
    {
        using var answer = await SendAsync(method, path, content);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException(
                $"{method} /{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer)
    {
        try
        {
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
        }
        catch (Exception odd) when (odd is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "without a code";
        }
    }
}
