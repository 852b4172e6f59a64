using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Jobs;

/// <summary>Whole sweeps by the service as users run it.</summary>
public sealed class SweepProcessTests : IAsyncLifetime
{
    private const string Network = """
        "architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":8,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-sweeps-");
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
    public async Task Sweep_KilledOnTheWay_TrainsEveryTrialOnceAndRanksThem()
    {
        var id = await StartAsync($$$"""
            {"base":{"dataset":"shapes","epochs":2,"batchSize":16,{{{Network}}} },"grid":{"optimizer.learningRate":[0.0000001,0.005]},"parallel":2}
            """);
        await UntilAsync($"/sweeps/{id}", sweep => sweep.GetProperty("progress").GetProperty("finished").GetInt32() >= 1);
        await _service.KillAsync();
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName);

        var sweep = await UntilAsync($"/sweeps/{id}", now => now.GetProperty("finishedAt").ValueKind == JsonValueKind.String);

        Assert.Equal(("succeeded", """{"trials":2,"finished":2,"running":0,"queued":0,"stopped":0}"""), (sweep.GetProperty("state").GetString(), sweep.GetProperty("progress").GetRawText()));
        Assert.Equal(2, (await GetAsync("/runs")).GetProperty("items").GetArrayLength());
        var best = sweep.GetProperty("best");
        Assert.Equal(0.005, best.GetProperty("values").GetProperty("optimizer.learningRate").GetDouble());
        Assert.Equal([1, 2], sweep.GetProperty("trials").EnumerateArray().Select(trial => trial.GetProperty("rank").GetInt32()));
        var model = await GetAsync($"/models/{sweep.GetProperty("model").GetString()}");
        Assert.Equal(2, model.GetProperty("versions").GetArrayLength());
        Assert.Equal(best.GetProperty("version").GetInt32(), model.GetProperty("aliases").GetProperty("best").GetInt32());
        Assert.NotEmpty(await _service.Client.GetByteArrayAsync(Relative($"/sweeps/{id}/plot.png")));
    }

    [Fact]
    public async Task Sweep_WithHalving_StopsTheBadTrialAndCanBeCancelled()
    {
        var id = await StartAsync($$$"""
            {"base":{"dataset":"shapes","epochs":2000,"batchSize":16,{{{Network}}} },"grid":{"optimizer.learningRate":[0.005,0.0000001]},"halving":{"factor":2,"firstEpochs":2}}
            """);

        // The second trial waits for the first, whose course is long.
        var sweep = await UntilAsync($"/sweeps/{id}", now => Trial(now, 1).GetProperty("epochs").GetInt32() > 4);
        Assert.Equal(("running", "queued"), (Trial(sweep, 1).GetProperty("state").GetString(), Trial(sweep, 2).GetProperty("state").GetString()));
        await PostAsync($"/runs/{Trial(sweep, 1).GetProperty("runId").GetString()}/cancel", null);

        var stopped = Trial(await UntilAsync($"/sweeps/{id}", now => now.GetProperty("finishedAt").ValueKind == JsonValueKind.String), 2);

        Assert.Equal(("stopped", 0, "sweep.trial-stopped"), (
            stopped.GetProperty("state").GetString(), stopped.GetProperty("stoppedAtRung").GetInt32(), stopped.GetProperty("failure").GetProperty("code").GetString()));
        Assert.InRange(stopped.GetProperty("epochs").GetInt32(), 2, 1999);
        Assert.Equal("cancelled", (await GetAsync($"/runs/{stopped.GetProperty("runId").GetString()}")).GetProperty("state").GetString());
        using var deleted = await _service.Client.DeleteAsync(Relative($"/sweeps/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_data.FullName, "runs")));
    }

    private static JsonElement Trial(JsonElement sweep, int number) =>
        sweep.GetProperty("trials").EnumerateArray().Single(trial => trial.GetProperty("trial").GetInt32() == number);

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private async Task<string> StartAsync(string json)
    {
        using var answer = await PostAsync("/sweeps", json);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string? json)
    {
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var answer = await _service.Client.PostAsync(Relative(path), content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"POST {path}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    private async Task<JsonElement> GetAsync(string path) => await _service.Client.GetFromJsonAsync<JsonElement>(Relative(path));

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
}
