using System.Net;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>Whole sweeps by the service as users run it.</summary>
public sealed class SweepProcessTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-sweeps-");
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_data.FullName);
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    [LongProof]
    public async Task Sweep_KilledOnTheWay_TrainsEveryTrialOnceAndRanksThem()
    {
        var id = await _service.StartAsync("/sweeps", $$$"""
            {"base":{"dataset":"shapes","epochs":2,{{{ServiceClient.SmallNetwork}}} },"grid":{"optimizer.learningRate":[0.0000001,0.005]},"parallel":2}
            """);
        await _service.UntilAsync($"/sweeps/{id}", sweep => sweep.GetProperty("progress").GetProperty("finished").GetInt32() >= 1);
        await _service.KillAsync();
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName);

        var sweep = await _service.UntilAsync($"/sweeps/{id}", now => now.GetProperty("finishedAt").ValueKind == JsonValueKind.String);

        Assert.Equal(("succeeded", """{"trials":2,"finished":2,"running":0,"queued":0,"stopped":0}"""),
            (sweep.GetProperty("state").GetString(), sweep.GetProperty("progress").GetRawText()));
        Assert.Equal(2, (await _service.GetAsync("/runs")).GetProperty("items").GetArrayLength());
        var best = sweep.GetProperty("best");
        Assert.Equal(0.005, best.GetProperty("values").GetProperty("optimizer.learningRate").GetDouble());
        Assert.Equal([1, 2], sweep.GetProperty("trials").EnumerateArray().Select(trial => trial.GetProperty("rank").GetInt32()));
        var model = await _service.GetAsync($"/models/{sweep.GetProperty("model").GetString()}");
        Assert.Equal(2, model.GetProperty("versions").GetArrayLength());
        Assert.Equal(best.GetProperty("version").GetInt32(), model.GetProperty("aliases").GetProperty("best").GetInt32());
        Assert.NotEmpty(await _service.Client.GetByteArrayAsync(ServiceClient.Relative($"/sweeps/{id}/plot.png")));
    }

    [LongProof]
    [Fact]
    public async Task Sweep_WithHalving_StopsTheBadTrialAndCanBeCancelled()
    {
        var id = await _service.StartAsync("/sweeps", $$$"""
            {"base":{"dataset":"shapes","epochs":2000,{{{ServiceClient.SmallNetwork}}} },"grid":{"optimizer.learningRate":[0.005,0.0000001]},"halving":{"factor":2,"firstEpochs":2}}
            """);

        // The second trial waits for the first, whose course is long.
        var sweep = await _service.UntilAsync($"/sweeps/{id}", now => Trial(now, 1).GetProperty("epochs").GetInt32() > 4);
        Assert.Equal(("running", "queued"),
            (Trial(sweep, 1).GetProperty("state").GetString(), Trial(sweep, 2).GetProperty("state").GetString()));
        await _service.PostAsync($"/runs/{Trial(sweep, 1).GetProperty("runId").GetString()}/cancel", null);

        var stopped = Trial(
            await _service.UntilAsync($"/sweeps/{id}", now => now.GetProperty("finishedAt").ValueKind == JsonValueKind.String), 2);

        Assert.Equal(("stopped", 0, "sweep.trial-stopped"), (
            stopped.GetProperty("state").GetString(), stopped.GetProperty("stoppedAtRung").GetInt32(),
            stopped.GetProperty("failure").GetProperty("code").GetString()));
        Assert.InRange(stopped.GetProperty("epochs").GetInt32(), 2, 1999);
        Assert.Equal("cancelled",
            (await _service.GetAsync($"/runs/{stopped.GetProperty("runId").GetString()}")).GetProperty("state").GetString());
        using var deleted = await _service.Client.DeleteAsync(ServiceClient.Relative($"/sweeps/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_data.FullName, "runs")));
    }

    private static JsonElement Trial(JsonElement sweep, int number) =>
        sweep.GetProperty("trials").EnumerateArray().Single(trial => trial.GetProperty("trial").GetInt32() == number);
}
