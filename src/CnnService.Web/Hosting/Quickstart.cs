using System.Text.Json;
using CnnService.Web.Artifacts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CnnService.Web.Hosting;

/// <summary>
/// The guided first run, started by the verb <c>quickstart</c>: imports the generated sample data set, trains a network on it and saves
/// some of its visualizations. Uses the service over HTTP like any client and prints each call; the service keeps running afterwards.
/// </summary>
internal sealed class Quickstart(
    IServer server, IHttpClientFactory clients, IHostApplicationLifetime lifetime, DataFolders folders, TextWriter output,
    GrpcAddress? grpc = null)
    : BackgroundService
{
    /// <summary>The command-line verb.</summary>
    public const string Verb = "quickstart";

    private const string Name = "shapes";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    private string Folder => Path.Combine(folders.Root, "quickstart");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitForStartAsync(stoppingToken);
        using var client = clients.CreateClient(nameof(Quickstart));
        client.BaseAddress = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses
            .First(address => BindingAddress.Parse(address).Port != grpc?.Port));
        try
        {
            await ImportAsync(client, stoppingToken);
            var layer = await TrainAsync(client, stoppingToken);
            var filter = await FindLiveFilterAsync(client, layer, stoppingToken);
            await SaveAsync(client, $"visualize/{layer}/{filter}?model={Name}&size=128&wait=300", "filter.png", stoppingToken);
            await SaveAsync(client, $"visualize/{layer}?model={Name}&wait=300", "filters.png", stoppingToken);
            await output.WriteLineAsync(
                $"\nIn {Folder}: curves.png, how loss and accuracy went; filter.png, what filter "
                + $"{filter} of {layer} looks for; filters.png, what its first eight look for.");
            await output.WriteLineAsync(
                $"The service goes on: {client.BaseAddress} shows its data sets, runs and models, "
                + $"{client.BaseAddress}swagger every call (Ctrl+C ends it).");
        }
        catch (HttpRequestException error)
        {
            await output.WriteLineAsync($"\nThe quickstart ended early: {error.Message}");
        }
    }

    private async Task ImportAsync(HttpClient client, CancellationToken cancel)
    {
        using var known = await client.GetAsync(Relative($"datasets/{Name}"), cancel);
        if (!known.IsSuccessStatusCode)
        {
            await PostAsync(client, "datasets", $$"""{"name":"{{Name}}","sample":"shapes"}""", cancel);
        }

        var dataset = await WaitAsync(client, $"datasets/{Name}", "status", ["ready", "failed"], null, cancel);
        Require(dataset, "status", "ready");
    }

    /// <summary>Trains a network; returns the name of its deepest convolution.</summary>
    private async Task<string> TrainAsync(HttpClient client, CancellationToken cancel)
    {
        const string Request =
            "{\"dataset\":\"shapes\",\"imageSize\":64,\"epochs\":8,\"optimizer\":{\"name\":\"adam\",\"learningRate\":0.0005}}";
        var run = await PostAsync(client, "train", Request, cancel);
        var id = run.GetProperty("id").GetString();
        var finished = await WaitAsync(client, $"runs/{id}", "state", ["succeeded", "failed", "cancelled"], ShowProgress, cancel);
        Require(finished, "state", "succeeded");
        await SaveAsync(client, $"runs/{id}/curves.png", "curves.png", cancel);
        var layers = await client.GetFromJsonAsync<JsonElement>(Relative($"visualize?model={Name}"), cancel);
        return layers.GetProperty("layers").EnumerateArray()
            .Last(layer => layer.GetProperty("type").GetString() == "conv2d").GetProperty("name").GetString()!;
    }

    /// <summary>Index of the layer's first filter that is not dead; 0 if all are.</summary>
    private static async Task<int> FindLiveFilterAsync(HttpClient client, string layer, CancellationToken cancel)
    {
        var figures = await client.GetFromJsonAsync<JsonElement>(Relative($"visualize/{layer}?model={Name}&format=json&wait=120"), cancel);
        return figures.EnumerateArray().Where(figure => figure.GetProperty("status").GetString() == "ok")
            .Select(figure => figure.GetProperty("filter").GetInt32()).FirstOrDefault();
    }

    private void ShowProgress(JsonElement run)
    {
        var progress = run.GetProperty("progress");
        output.WriteLine(
            $"  {run.GetProperty("state").GetString()}: epoch {progress.GetProperty("epoch")} of "
            + $"{progress.GetProperty("epochs")}{FormatMetrics(run)}");
    }

    /// <summary>Metrics of the last completed epoch; empty during the first.</summary>
    private static string FormatMetrics(JsonElement run) =>
        run.TryGetProperty("metrics", out var metrics) && metrics.ValueKind == JsonValueKind.Object
        && metrics.TryGetProperty("last", out var last) && last.ValueKind == JsonValueKind.Object
            ? $"; so far loss {last.GetProperty("loss").GetDouble():F3}, accuracy {last.GetProperty("accuracy").GetDouble():F3}"
            : string.Empty;

    private async Task<JsonElement> WaitAsync(
        HttpClient client, string path, string field, string[] final, Action<JsonElement>? show, CancellationToken cancel)
    {
        await output.WriteLineAsync($"$ curl {client.BaseAddress}{path}");
        for (var shown = string.Empty; ; await Task.Delay(PollInterval, cancel))
        {
            var json = await client.GetFromJsonAsync<JsonElement>(Relative(path), cancel);
            var key = json.TryGetProperty("progress", out var progress) && progress.TryGetProperty("epoch", out var epoch)
                ? epoch.ToString()
                : shown;
            if (key != shown)
            {
                show?.Invoke(json);
                shown = key;
            }

            if (final.Contains(json.GetProperty(field).GetString()))
            {
                return json;
            }
        }
    }

    private async Task<JsonElement> PostAsync(HttpClient client, string path, string body, CancellationToken cancel)
    {
        await output.WriteLineAsync($"$ curl {client.BaseAddress}{path} -H 'Content-Type: application/json' -d '{body}'");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Relative(path), content, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new HttpRequestException($"POST /{path} answered {(int)answer.StatusCode}: {text}");
    }

    private async Task SaveAsync(HttpClient client, string path, string file, CancellationToken cancel)
    {
        var target = Path.Combine(Directory.CreateDirectory(Folder).FullName, file);
        var bytes = await client.GetByteArrayAsync(Relative(path), cancel);
        await File.WriteAllBytesAsync(target, bytes, cancel);
        await output.WriteLineAsync($"$ curl '{client.BaseAddress}{path}' -o {target}");
    }

    private async Task WaitForStartAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancel);
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static void Require(JsonElement json, string field, string wanted)
    {
        if (json.GetProperty(field).GetString() != wanted)
        {
            throw new HttpRequestException($"{field} is not '{wanted}': {json}");
        }
    }
}
