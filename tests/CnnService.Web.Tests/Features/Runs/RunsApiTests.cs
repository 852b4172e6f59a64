using System.Net;
using System.Net.ServerSentEvents;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Runs;

/// <summary>/runs on a service without a worker: the tests do the worker's part.</summary>
public sealed class RunsApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new([], WithoutWorker.Remove);

    private RunStore Runs => _service.Services.GetRequiredService<RunStore>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Get_OfARunAtWork_TellsStateProgressAndMetrics()
    {
        var claim = await ClaimAsync();
        await claim.StartedAsync("cpu", Precision.Bfloat16);
        await claim.EpochAsync(Figures(1, validationLoss: 0.4));
        await claim.EpochAsync(Figures(2, validationLoss: 0.6));
        await claim.PartAsync(new(RunPart.Epochs, 0, 0.2, 30, 0));
        await claim.ProgressAsync(new(3, 5, 10, double.NaN, 0.5));
        await claim.PartAsync(new(RunPart.Epochs, 0.625, 0.5, 12, 0));

        var run = await _service.GetJsonAsync($"/runs/{claim.Id}");

        Assert.Equal(("running", "cpu", "bfloat16"), (Text("state"), Text("device"), Text("precision")));
        var progress = run.GetProperty("progress");
        Assert.Equal((3, 4, 5, 10), (
            progress.GetProperty("epoch").GetInt32(), progress.GetProperty("epochs").GetInt32(), progress.GetProperty("step").GetInt32(),
            progress.GetProperty("steps").GetInt32()));
        Assert.Equal(("epochs", 0.625, 0.5, 12.0), (
            progress.GetProperty("part").GetString(), progress.GetProperty("partFraction").GetDouble(),
            progress.GetProperty("fraction").GetDouble(), progress.GetProperty("etaSeconds").GetDouble()));
        Assert.Equal((2, 1),
            (run.GetProperty("metrics").GetProperty("last").GetProperty("epoch").GetInt32(),
                run.GetProperty("metrics").GetProperty("best").GetProperty("epoch").GetInt32()));
        string? Text(string name) => run.GetProperty(name).GetString();
    }

    [Fact]
    public async Task History_WithAnEpochThatWasNotValidated_HasNullThere()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, validationLoss: double.NaN));

        var history = await _service.GetJsonAsync($"/runs/{claim.Id}/history");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, history[0].GetProperty("validationLoss").ValueKind);
        Assert.Equal(0.5, history[0].GetProperty("loss").GetDouble());
    }

    [Fact]
    public async Task List_PageByPage_LeadsThroughAllRuns()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddAsync();
        }

        var first = await _service.GetJsonAsync("/runs?limit=3");
        var second = await _service.GetJsonAsync($"/runs?limit=3&after={first.GetProperty("next").GetString()}");

        Assert.Equal((3, 2), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task List_OfRuns_TellsTheFiguresOfEach()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, validationLoss: 0.4));
        await claim.EpochAsync(Figures(2, validationLoss: 0.6));
        var idle = await AddAsync();

        var items = (await _service.GetJsonAsync("/runs")).GetProperty("items").EnumerateArray()
            .ToDictionary(run => run.GetProperty("id").GetString()!, run => run.GetProperty("metrics"));

        Assert.Equal((2, 1),
            (items[claim.Id].GetProperty("last").GetProperty("epoch").GetInt32(),
                items[claim.Id].GetProperty("best").GetProperty("epoch").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, items[idle.Id].ValueKind);
    }

    [Fact]
    public async Task Events_BeyondTheStreamsAllowed_AreRefusedUntilOneCloses()
    {
        await using var service = new CnnServiceApplication(new() { ["Limits:EventStreams"] = "1" }, WithoutWorker.Remove);
        var runs = service.Services.GetRequiredService<RunStore>();
        var id = (await runs.AddAsync(new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Request = "{}",
            Plan = "{}",
            Dataset = "d",
            Model = "m",
            Epochs = 1,
        }, 100)).Value.Id;
        var path = CnnServiceApplication.Relative($"/runs/{id}/events");
        var open = await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

        using (var refused = await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead))
        {
            await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "run.too-many-streams");
        }

        open.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        while (true)
        {
            using var again = await service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (again.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task List_BeyondTheLargestPage_IsRefused()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("/runs?limit=201"));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Life_OfARun_AllowsWhatItsStateAllows()
    {
        var run = await AddAsync();
        await IsAsync(HttpStatusCode.Conflict, await DeleteAsync(run.Id));
        await IsAsync(HttpStatusCode.Conflict, await PostAsync(run.Id, "resume"));
        await IsAsync(HttpStatusCode.Accepted, await PostAsync(run.Id, "cancel"));
        await IsAsync(HttpStatusCode.Accepted, await PostAsync(run.Id, "cancel"));
        await IsAsync(HttpStatusCode.Accepted, await PostAsync(run.Id, "resume"));
        var claim = (await RunWorker.ClaimAsync(_service.Services, run.Id, "a", TimeSpan.FromHours(1)))!;
        await IsAsync(HttpStatusCode.Conflict, await DeleteAsync(run.Id));
        await IsAsync(HttpStatusCode.Accepted, await PostAsync(run.Id, "cancel"));
        await claim.SucceedAsync(1);
        await IsAsync(HttpStatusCode.Conflict, await PostAsync(run.Id, "cancel"));
        await IsAsync(HttpStatusCode.Conflict, await PostAsync(run.Id, "resume"));
        var folder = Directory.CreateDirectory(_service.Services.GetRequiredService<DataFolders>().Run(run.Id));
        await IsAsync(HttpStatusCode.NoContent, await DeleteAsync(run.Id));
        Assert.False(Directory.Exists(folder.FullName));
        await IsAsync(HttpStatusCode.NotFound, await DeleteAsync(run.Id));
    }

    [Fact]
    public async Task Progress_OfAnEpochThatIsOver_CountsAllItsSteps()
    {
        var claim = await ClaimAsync();
        await claim.ProgressAsync(new(1, 3, 10, double.NaN, 0.5)); // Steps are told once a second at most.
        await claim.EpochAsync(Figures(1, 0.4));

        var progress = (await _service.GetJsonAsync($"/runs/{claim.Id}")).GetProperty("progress");

        Assert.Equal((1, 10), (progress.GetProperty("epoch").GetInt32(), progress.GetProperty("step").GetInt32()));
    }

    [Fact]
    public async Task Failure_OfARun_IsShownWithItsCode()
    {
        var claim = await ClaimAsync();
        await claim.FailAsync(Problem.Unprocessable("training.diverged", "The loss is not finite."));

        var failure = (await _service.GetJsonAsync($"/runs/{claim.Id}")).GetProperty("failure");

        Assert.Equal(("training.diverged", "The loss is not finite."),
            (failure.GetProperty("code").GetString(), failure.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Events_OfARunThatGoesOn_StreamUntilItIsOver()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, 0.4));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var kinds = new List<string>();
        await foreach (var item in EventsAsync(claim.Id, null, cancel.Token))
        {
            kinds.Add(item.EventType);
            if (kinds.Count == 4)
            {
                await claim.LogAsync("line\nbreak");
                await claim.SucceedAsync(1);
            }
        }

        Assert.Equal(["state", "state", "epoch", "step", "log", "state"], kinds);
    }

    [Fact]
    public async Task Events_ResumedAfterOne_BeginBehindIt()
    {
        var claim = await ClaimAsync();
        await claim.LogAsync("a\nb");
        await claim.CancelledAsync();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMinutes(10));

        var items = new List<SseItem<string>>();
        await foreach (var item in EventsAsync(claim.Id, "2", cancel.Token))
        {
            items.Add(item);
        }

        Assert.Equal([("3", "log", """{"message":"a\nb"}"""), ("4", "state", """{"state":"cancelled"}""")],
            items.Select(item => (item.EventId!, item.EventType, item.Data)));
    }

    [Fact]
    public async Task Curves_OfARun_AreAPng()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, 0.4));
        await claim.EpochAsync(Figures(2, double.NaN));

        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/runs/{claim.Id}/curves.png?smoothing=0.8"));

        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await answer.Content.ReadAsByteArrayAsync())[..4]);
        using var refused = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/runs/{claim.Id}/curves.png?smoothing=1"));
        await ProblemAssert.IsAsync(refused, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Curves_InAStyle_AreDrawnInIt()
    {
        var claim = await ClaimAsync();
        await claim.EpochAsync(Figures(1, 0.4));
        var files = new List<byte[]>();
        (string Query, string Type)[] styles =
            [("", "image/png"), ("?theme=dark", "image/png"), ("?scale=2", "image/png"), ("?format=svg", "image/svg+xml")];
        foreach (var (query, type) in styles)
        {
            using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/runs/{claim.Id}/curves.png{query}"));
            Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
            files.Add(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(4, files.Select(Convert.ToHexString).Distinct().Count());
        Assert.Contains("kept</text>", System.Text.Encoding.UTF8.GetString(files[^1]), StringComparison.Ordinal);
        foreach (var (query, field) in new[] { ("scale=9", "scale"), ("theme=sepia", "theme"), ("format=gif", "format") })
        {
            using var refused = await _service.Client.GetAsync(CnnServiceApplication.Relative($"/runs/{claim.Id}/curves.png?{query}"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains($"\"{field}\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static EpochMetrics Figures(int epoch, double validationLoss) => new(epoch, 0.5, 0.75, validationLoss, 0.7, 0.0001, 1.5, 100);

    private static async Task IsAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.True(answer.StatusCode == status,
                $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: expected {status}, received {answer.StatusCode}");
            if ((int)status >= 400)
            {
                await ProblemAssert.IsAsync(answer, status);
            }
        }
    }

    private Task<HttpResponseMessage> PostAsync(string id, string action) =>
        _service.Client.PostAsync(CnnServiceApplication.Relative($"/runs/{id}/{action}"), null);

    private Task<HttpResponseMessage> DeleteAsync(string id) => _service.Client.DeleteAsync(CnnServiceApplication.Relative($"/runs/{id}"));

    private async Task<RunRow> AddAsync() => (await Runs.AddAsync(
        new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Request = """{"dataset":"d"}""",
            Plan = "{}",
            Dataset = "d",
            Model = "m",
            Epochs = 4,
        }, 100)).Value;

    private async Task<RunWorker> ClaimAsync() =>
        (await RunWorker.ClaimAsync(_service.Services, (await AddAsync()).Id, "test", TimeSpan.FromHours(1)))!;

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(
        string id, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative($"/runs/{id}/events"));
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        using var answer = await _service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel))
        {
            yield return item;
        }
    }
}
