using System.Net;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>Runs that end before their last epoch and are kept, by the service as users run it.</summary>
public sealed class FinishRunTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_folder.Path);
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Finish_OfARunningRun_PublishesTheBestEpochSoFar()
    {
        var id = await _service.TrainAsync("finished", epochs: 9000);
        await IsRefusedAsync($"/runs/{id}/publish", "run.not-resumable");
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 3);

        await _service.PostAsync($"/runs/{id}/finish", null);
        var run = await _service.EndsAsync(id, "succeeded");

        Assert.True(run.GetProperty("endedEarly").GetBoolean());
        Assert.Equal(1, run.GetProperty("version").GetInt32());
        var epochs = await _service.EpochsAsync(id);
        Assert.InRange(epochs.Length, 2, 8999);
        var best = run.GetProperty("metrics").GetProperty("best").GetProperty("epoch").GetInt32();
        var origin = (await _service.GetAsync("/models/finished/versions/1")).GetProperty("origin");
        Assert.Equal(best, origin.GetProperty("epoch").GetInt32());
        await IsRefusedAsync($"/runs/{id}/finish", "run.not-running");
        await IsRefusedAsync($"/runs/{id}/publish", "run.not-resumable");
    }

    [LongProof]
    [Fact]
    public async Task Publish_OfACancelledRun_MakesAVersionOfItsBestEpoch()
    {
        var id = await _service.TrainAsync("kept", epochs: 9000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 3);
        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");
        var epochs = await _service.EpochsAsync(id);

        await _service.PostAsync($"/runs/{id}/publish", null);
        var run = await _service.EndsAsync(id, "succeeded");

        Assert.True(run.GetProperty("endedEarly").GetBoolean());
        Assert.Equal(epochs, await _service.EpochsAsync(id));
        Assert.Equal(1, run.GetProperty("version").GetInt32());
    }

    private async Task IsRefusedAsync(string path, string code)
    {
        using var answer = await _service.Client.PostAsync(ServiceClient.Relative(path), null);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Conflict, code), (answer.StatusCode, problem.GetProperty("code").GetString()));
    }
}
