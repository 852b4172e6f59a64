using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Jobs;

/// <summary>Whole trainings by the service as users run it, its training process among them, through deaths of either.</summary>
public sealed class TrainingProcessTests : IAsyncLifetime
{
    /// <summary>Milliseconds a step, so that many epochs pass in seconds.</summary>
    private const string Small = """
        "dataset":"shapes","precision":"float32","batchSize":16,"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":8,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-training-");
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_data.FullName);
        await PostAsync("/datasets", """{"name":"shapes","sample":"shapes"}""");
        await UntilAsync("/datasets/shapes", set => set.GetProperty("status").GetString() == "ready");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Service_KilledInMidRun_GoesOnAfterARestartToTheSameWeights()
    {
        const int Epochs = 150; // Some seconds on the fastest machine: it must be caught at work.
        var straight = await TrainAsync("straight", epochs: Epochs);
        await EndsAsync(straight, "succeeded");
        var killed = await TrainAsync("killed", epochs: Epochs);
        await UntilAsync($"/runs/{killed}", run => run.GetProperty("progress").GetProperty("epoch").GetInt32() >= 2);
        var child = await ChildAsync();

        await RestartAsync(service => service.KillAsync());

        await GoneAsync(child);
        await EndsAsync(killed, "succeeded");
        var history = await GetAsync($"/runs/{killed}/history");
        Assert.Equal(Enumerable.Range(1, Epochs), history.EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.Equal(await WeightsAsync("straight"), await WeightsAsync("killed"));
        await IsJudgedAsync(killed, epochs: Epochs);
        Assert.False(Directory.Exists(Path.Combine(_data.FullName, "runs", killed, "checkpoints")));
        Assert.Equal(1, Assert.Single((await GetAsync("/models/killed")).GetProperty("versions").EnumerateArray()).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Service_ToldToStop_LeavesTheRunQueuedAndGoesOnLater()
    {
        var id = await TrainAsync("stopped", epochs: 2000);
        await UntilAsync($"/runs/{id}", run => run.GetProperty("progress").GetProperty("epoch").GetInt32() >= 2);
        var took = Stopwatch.StartNew();

        await RestartAsync(async service => Assert.Equal(0, await service.StopAsync()));

        Assert.InRange(took.Elapsed.TotalSeconds, 0, 40);
        await UntilAsync($"/runs/{id}", run => run.GetProperty("state").GetString() == "running");
        await PostAsync($"/runs/{id}/cancel", null);
        await EndsAsync(id, "cancelled");
        var events = await _service.Client.GetStringAsync(Relative($"/runs/{id}/events"));
        Assert.Equal(["queued", "running", "queued", "running", "cancelled"], events.Split('\n')
            .Where(line => line.StartsWith("data: {\"state\"", StringComparison.Ordinal)).Select(line => line.Split('"')[3]));
    }

    [Fact]
    public async Task Process_KilledTwiceBeforeACheckpoint_FailsTheRunAndNotTheService()
    {
        var id = await IdAsync(await PostAsync("/train", """{"dataset":"shapes","epochs":3,"precision":"float32"}""")); // Ten seconds and more an epoch.
        var killed = new HashSet<int>();
        while (killed.Count < 2)
        {
            var child = await ChildAsync(killed);
            killed.Add(child);
            await UntilAsync($"/runs/{id}", run => run.GetProperty("device").ValueKind == JsonValueKind.String);
            using var process = Process.GetProcessById(child);
            process.Kill();
        }

        var failure = (await EndsAsync(id, "failed")).GetProperty("failure");

        Assert.Equal("run.crash-loop", failure.GetProperty("code").GetString());
        await EndsAsync(await TrainAsync("next", epochs: 1), "succeeded");
    }

    [Fact]
    public async Task Process_AtWork_YieldsToTheServiceAndStopsSoonWhenCancelled()
    {
        var id = await TrainAsync("cancelled", epochs: 5000);
        await UntilAsync($"/runs/{id}", run => run.GetProperty("progress").GetProperty("epoch").GetInt32() >= 3);
        var child = await ChildAsync();
        Assert.Equal("500", (await File.ReadAllTextAsync($"/proc/{child}/oom_score_adj")).Trim());
        Assert.Equal(10, BusiestThreadsNice(child));

        await PostAsync($"/runs/{id}/cancel", null);
        await EndsAsync(id, "cancelled");
        await GoneAsync(child);
        var epoch = (await GetAsync($"/runs/{id}")).GetProperty("progress").GetProperty("epoch").GetInt32();
        await PostAsync($"/runs/{id}/resume", null);

        await UntilAsync($"/runs/{id}", run => run.GetProperty("progress").GetProperty("epoch").GetInt32() > epoch);
        await PostAsync($"/runs/{id}/cancel", null);
        await EndsAsync(id, "cancelled");
        var epochs = (await GetAsync($"/runs/{id}/history")).EnumerateArray().Select(row => row.GetProperty("epoch").GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task<string> IdAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        }
    }

    /// <summary>Field 19 of stat, of the thread that computed longest.</summary>
    private static int BusiestThreadsNice(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .Select(thread => File.ReadAllText(Path.Combine(thread, "stat")))
        .Select(stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '))
        .MaxBy(fields => long.Parse(fields[11], CultureInfo.InvariantCulture)) is { } busiest ? int.Parse(busiest[16], CultureInfo.InvariantCulture) : 0;

    private static async Task GoneAsync(int process)
    {
        for (var waited = Stopwatch.StartNew(); Directory.Exists($"/proc/{process}"); await Task.Delay(50))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), $"the training process {process} outlives its run");
        }
    }

    private async Task RestartAsync(Func<ServiceProcess, Task> end)
    {
        await end(_service);
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName);
    }

    /// <summary>The run tells what its network is worth and what to do, and its log for TensorBoard is one file of all epochs.</summary>
    private async Task IsJudgedAsync(string id, int epochs)
    {
        var evaluation = await GetAsync($"/runs/{id}/evaluation");
        Assert.Equal("validation", evaluation.GetProperty("split").GetString());
        Assert.Equal(evaluation.GetProperty("pictures").GetInt32(), evaluation.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(cell => cell.GetInt32())));
        var best = (await GetAsync($"/runs/{id}")).GetProperty("metrics").GetProperty("best");
        Assert.Equal(best.GetProperty("epoch").GetInt32(), evaluation.GetProperty("epoch").GetInt32());
        Assert.Equal(best.GetProperty("validationAccuracy").GetDouble(), evaluation.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.Equal(best.GetProperty("validationLoss").GetDouble(), evaluation.GetProperty("loss").GetDouble(), 1e-4);
        var advice = (await GetAsync($"/runs/{id}/advice"))[0].GetProperty("code").GetString();
        Assert.Contains($"Advice ({advice})", await _service.Client.GetStringAsync(Relative($"/runs/{id}/events")), StringComparison.Ordinal);
        await using var archive = new ZipArchive(await _service.Client.GetStreamAsync(Relative($"/runs/{id}/tensorboard")));
        await using var events = await Assert.Single(archive.Entries).OpenAsync();
        using var text = new StreamReader(events, System.Text.Encoding.Latin1);
        Assert.Equal(epochs, (await text.ReadToEndAsync()).Split("loss/train").Length - 1);
    }

    private async Task<string> TrainAsync(string model, int epochs) =>
        await IdAsync(await PostAsync("/train", $$"""{"model":"{{model}}","epochs":{{epochs}},{{Small}}}"""));

    private async Task<HttpResponseMessage> PostAsync(string path, string? json)
    {
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var answer = await _service.Client.PostAsync(Relative(path), content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"POST {path}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    private async Task<JsonElement> GetAsync(string path) => await _service.Client.GetFromJsonAsync<JsonElement>(Relative(path));

    private async Task<string> WeightsAsync(string model) =>
        Convert.ToHexStringLower(SHA256.HashData(await _service.Client.GetByteArrayAsync(Relative($"/models/{model}/versions/1/weights"))));

    private async Task<JsonElement> EndsAsync(string id, string state)
    {
        var run = await UntilAsync($"/runs/{id}", run => run.GetProperty("finishedAt").ValueKind == JsonValueKind.String);
        Assert.True(run.GetProperty("state").GetString() == state, $"expected {state}: {run}\n{_service.Output}");
        return run;
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> holds)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var now = await GetAsync(path);
            if (holds(now))
            {
                return now;
            }

            Assert.True(waited.Elapsed < Patience, $"still {now}\n{_service.Output}");
        }
    }

    /// <summary>The service's training process, but for those <paramref name="known"/> already.</summary>
    private async Task<int> ChildAsync(HashSet<int>? known = null)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            foreach (var id in Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)))
            {
                if (known?.Contains(id) != true && IsTrainingOf(id, _service.Id))
                {
                    return id;
                }
            }

            Assert.True(waited.Elapsed < Patience, $"no training process\n{_service.Output}");
        }
    }

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
