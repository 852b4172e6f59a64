using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>The calls that tests of whole processes make.</summary>
internal static class ServiceClient
{
    /// <summary>Fields of a training request: a network of milliseconds a step, so that many epochs pass in seconds.</summary>
    public const string SmallNetwork = """
        "batchSize":16,"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":16,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static Uri Relative(string path) => new(path, UriKind.Relative);

    /// <summary>Makes the sample data set and waits until it is ready.</summary>
    public static async Task ImportSampleAsync(this ServiceProcess service, string name = "shapes")
    {
        await service.PostAsync("/datasets", $$"""{"name":"{{name}}","sample":"shapes"}""");
        await service.UntilAsync($"/datasets/{name}", set => set.GetProperty("status").GetString() == "ready");
    }

    /// <summary>Starts a training of the small network in float32 on the sample; gives the run's id.</summary>
    /// <param name="service">Trains it.</param>
    /// <param name="model">The model that it becomes a version of.</param>
    /// <param name="epochs">How long.</param>
    /// <param name="key">The request's idempotency key; null: none.</param>
    public static async Task<string> TrainAsync(this ServiceProcess service, string model, int epochs, string? key = null) =>
        await service.StartAsync("/train",
            $$"""{"dataset":"shapes","model":"{{model}}","precision":"float32","epochs":{{epochs}},{{SmallNetwork}}}""", key);

    /// <summary>Posts what is accepted; gives the id of what it began.</summary>
    public static async Task<string> StartAsync(this ServiceProcess service, string path, string json, string? key = null) =>
        (await service.PostAsync(path, json, key)).GetProperty("id").GetString()!;

    /// <summary>Posts what must be accepted.</summary>
    public static async Task<JsonElement> PostAsync(this ServiceProcess service, string path, string? json, string? key = null)
    {
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        if (key is not null)
        {
            content?.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await service.Client.PostAsync(Relative(path), content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"POST {path}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<JsonElement> GetAsync(this ServiceProcess service, string path) =>
        await service.Client.GetFromJsonAsync<JsonElement>(Relative(path));

    /// <summary>Waits until the run is over; it must end in this state.</summary>
    public static async Task<JsonElement> EndsAsync(this ServiceProcess service, string id, string state)
    {
        var run = await service.UntilAsync($"/runs/{id}", run => run.GetProperty("finishedAt").ValueKind == JsonValueKind.String);
        Assert.True(run.GetProperty("state").GetString() == state, $"expected {state}: {run}\n{service.Output}");
        return run;
    }

    public static async Task<JsonElement> UntilAsync(this ServiceProcess service, string path, Func<JsonElement, bool> holds)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var now = await service.GetAsync(path);
            if (holds(now))
            {
                return now;
            }

            Assert.True(waited.Elapsed < Patience, $"still {now}\n{service.Output}");
        }
    }

    public static int Epoch(this JsonElement run) => run.GetProperty("progress").GetProperty("epoch").GetInt32();

    /// <summary>The epochs of the run's history, as they stand.</summary>
    public static async Task<int[]> EpochsAsync(this ServiceProcess service, string id) =>
        [.. (await service.GetAsync($"/runs/{id}/history")).EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32())];

    /// <summary>The states that the run went through, of a run that is over.</summary>
    public static async Task<IEnumerable<string>> StatesAsync(this ServiceProcess service, string id) =>
        (await service.Client.GetStringAsync(Relative($"/runs/{id}/events"))).Split('\n')
            .Where(line => line.StartsWith("data: {\"state\"", StringComparison.Ordinal)).Select(line => line.Split('"')[3]);

    /// <summary>The service's training process, but for those <paramref name="known"/> already.</summary>
    public static async Task<int> TrainingProcessAsync(this ServiceProcess service, HashSet<int>? known = null)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            if (service.TrainingProcesses().FirstOrDefault(id => known?.Contains(id) != true) is var found and > 0)
            {
                return found;
            }

            Assert.True(waited.Elapsed < Patience, $"no training process\n{service.Output}");
        }
    }

    public static IEnumerable<int> TrainingProcesses(this ServiceProcess service) => Directory.GetDirectories("/proc")
        .Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        .Where(id => IsTrainingOf(id, service.Id));

    private static bool IsTrainingOf(int id, int parent)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture)
                && File.ReadAllText($"/proc/{id}/cmdline").Contains("train-run", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // It ended while it was looked at.
        }
    }
}
