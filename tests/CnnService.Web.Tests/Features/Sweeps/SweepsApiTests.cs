using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Sweeps;

/// <summary>/sweeps on a service without a worker: the tests do the worker's part.</summary>
public sealed class SweepsApiTests : IAsyncLifetime
{
    private const string Grid =
        """{"base":{"dataset":"pets","epochs":2,"imageSize":32},"grid":{"optimizer.learningRate":[0.001,0.0003],"batchSize":[16,32]},"parallel":2}""";

    private readonly SweepService _sweeps = new();
    private readonly CnnServiceApplication _service;

    public SweepsApiTests() => _service = _sweeps.Service;

    private RunStore Runs => _service.Services.GetRequiredService<RunStore>();

    public ValueTask InitializeAsync() => _sweeps.InitializeAsync();

    public ValueTask DisposeAsync() => _sweeps.DisposeAsync();

    [Fact]
    public async Task Start_OfAGrid_ShowsAllTrialsAndQueuesTheFirst()
    {
        using var answer = await PostAsync(Grid);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var sweep = await CnnServiceApplication.JsonAsync(answer);
        var id = sweep.GetProperty("id").GetString()!;
        Assert.Equal($"/sweeps/{id}", answer.Headers.Location?.OriginalString);
        Assert.Equal(("running", "validationAccuracy", $"sweep-{id[^8..]}", $"pets-sweep-{id[^8..]}"), (
            sweep.GetProperty("state").GetString(), sweep.GetProperty("metric").GetString(), sweep.GetProperty("name").GetString(),
            sweep.GetProperty("model").GetString()));
        Assert.Equal("""{"trials":4,"finished":0,"running":0,"queued":4,"stopped":0}""", sweep.GetProperty("progress").GetRawText());
        var trials = sweep.GetProperty("trials").EnumerateArray().ToArray();
        Assert.Equal("""{"optimizer.learningRate":0.001,"batchSize":16}""", trials[0].GetProperty("values").GetRawText());
        Assert.Equal([true, true, false, false], trials.Select(trial => trial.GetProperty("runId").ValueKind == JsonValueKind.String));
        var run = await _service.GetJsonAsync($"/runs/{trials[1].GetProperty("runId").GetString()}");
        Assert.Equal((id, "queued", 32),
            (run.GetProperty("sweep").GetString(), run.GetProperty("state").GetString(),
                run.GetProperty("request").GetProperty("batchSize").GetInt32()));
        Assert.Equal(sweep.GetProperty("model").GetString(), run.GetProperty("request").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Start_RepeatedUnderAKey_IsOneSweep()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var answer = await PostAsync(Grid, key: "k");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString();
        }));

        Assert.Single(ids.Distinct());
        Assert.Equal(2, (await Runs.ListAsync(10, null)).Count);
        using var other = await PostAsync(Grid.Replace("16", "8", StringComparison.Ordinal), key: "k");
        await ProblemAssert.IsAsync(other, HttpStatusCode.Conflict, "idempotency.mismatch");
    }

    [Fact]
    public async Task List_PageByPage_LeadsThroughAllSweepsUpToTheirLimit()
    {
        for (var i = 0; i < 6; i++)
        {
            await StartAsync(Grid);
        }

        using var refused = await PostAsync(Grid);
        await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "sweep.too-many");

        var first = await _service.GetJsonAsync("/sweeps?limit=4");
        var second = await _service.GetJsonAsync($"/sweeps?limit=4&after={first.GetProperty("next").GetString()}");

        Assert.Equal((4, 2), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength()));
        Assert.Equal(4, first.GetProperty("items")[0].GetProperty("progress").GetProperty("trials").GetInt32());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Get_OfASweepAtWork_RanksItsTrialsAndDrawsThem()
    {
        var id = await StartAsync("""
            {"name":"Raten, grün","metric":"validationLoss","halving":{"firstEpochs":1},"parallel":3,"base":{"dataset":"pets","epochs":4,"imageSize":32},
             "random":{"trials":4,"fields":{"optimizer.learningRate":{"from":0.0001,"to":0.1,"scale":"log"},"augmentation":["none","article"]}}}
            """);
        var runs =
            (await _service.GetJsonAsync($"/sweeps/{id}")).GetProperty("trials").EnumerateArray().Take(3)
            .Select(trial => trial.GetProperty("runId").GetString()!).ToArray();
        double[] losses = [0.5, 0.2, 0.7];
        foreach (var (run, loss) in runs.Zip(losses))
        {
            var claim = (await RunWorker.ClaimAsync(_service.Services, run, "a", TimeSpan.FromHours(1)))!;
            await claim.EpochAsync(new(1, 1, 0.5, loss, 0.5, 0.0001, 1, 100));
            await _service.Services.GetRequiredService<SweepScheduler>().ReachedAsync(id, run, 1);
            if (await claim.GetStandingAsync() == LeaseStanding.CancelRequested)
            {
                await claim.CancelledAsync();
            }
        }

        var sweep = await _service.GetJsonAsync($"/sweeps/{id}");

        Assert.Equal(("Raten, grün", 3),
            (sweep.GetProperty("name").GetString(), sweep.GetProperty("halving").GetProperty("factor").GetInt32()));
        Assert.Equal("""{"trials":4,"finished":1,"running":2,"queued":1,"stopped":1}""", sweep.GetProperty("progress").GetRawText());
        var trials = sweep.GetProperty("trials").EnumerateArray().ToArray();
        Assert.Equal([runs[1], runs[0], runs[2], null], trials.Select(trial => trial.GetProperty("runId").GetString()));
        Assert.Equal(["running", "running", "stopped", "queued"], trials.Select(trial => trial.GetProperty("state").GetString()));
        Assert.Equal("[1,2,3,null]", JsonSerializer.Serialize(trials.Select(trial => trial.GetProperty("rank"))));
        Assert.Equal((0, "sweep.trial-stopped"),
            (trials[2].GetProperty("stoppedAtRung").GetInt32(), trials[2].GetProperty("failure").GetProperty("code").GetString()));
        Assert.Equal((0.2, 1),
            (sweep.GetProperty("best").GetProperty("score").GetDouble(), sweep.GetProperty("best").GetProperty("epoch").GetInt32()));
        using var plot = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/sweeps/{id}/plot.png"));
        Assert.Equal("image/png", plot.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await plot.Content.ReadAsByteArrayAsync())[..4]);
    }

    [Fact]
    public async Task CancelRun_OfAQueuedTrial_QueuesTheNextAtOnce()
    {
        var id = await StartAsync(Grid);
        var first = (await Runs.ListAsync(10, null))[0].Id;

        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative($"/runs/{first}/cancel"), null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(2, (await Runs.ListAsync(10, null)).Count(run => run.SweepId == id && run.Work.State == WorkState.Queued));
    }

    [Fact]
    public async Task Life_OfASweep_AllowsWhatItsStateAllows()
    {
        var id = await StartAsync(Grid);
        using var tooEarly = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"/sweeps/{id}"));
        await ProblemAssert.IsAsync(tooEarly, HttpStatusCode.Conflict, "sweep.active");
        var run = (await Runs.ListAsync(10, null))[0].Id;
        var folder = Directory.CreateDirectory(_service.Services.GetRequiredService<DataFolders>().Run(run));

        using var cancelled = await _service.Client.PostAsync(CnnServiceApplication.Relative($"/sweeps/{id}/cancel"), null);

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        var sweep = await CnnServiceApplication.JsonAsync(cancelled);
        Assert.Equal("cancelled", sweep.GetProperty("state").GetString());
        Assert.All(sweep.GetProperty("trials").EnumerateArray(),
            trial => Assert.Equal("cancelled", trial.GetProperty("state").GetString()));
        using var single = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"/runs/{run}"));
        await ProblemAssert.IsAsync(single, HttpStatusCode.Conflict, "run.in-sweep");
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"/sweeps/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(Directory.Exists(folder.FullName));
        Assert.Empty(await Runs.ListAsync(10, null));
    }

    private async Task<string> StartAsync(string body)
    {
        using var answer = await PostAsync(body);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            CnnServiceApplication.Relative("/sweeps"))
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _service.Client.SendAsync(request);
    }
}
