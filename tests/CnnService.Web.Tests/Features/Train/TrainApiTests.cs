using System.Net;
using System.Text;
using CnnService.Core.Datasets;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Train;

/// <summary>POST /train on a service that only queues: no worker takes the runs.</summary>
public sealed class TrainApiTests : IAsyncLifetime
{
    private readonly TrainService _train = new();
    private readonly CnnServiceApplication _service;

    public TrainApiTests() => _service = _train.Service;

    public ValueTask InitializeAsync() => _train.InitializeAsync();

    public ValueTask DisposeAsync() => _train.DisposeAsync();

    [Fact]
    public async Task Train_OfADataSet_QueuesARunAndSaysWhere()
    {
        using var answer = await PostAsync("""{"dataset":"pets","epochs":2}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var run = await CnnServiceApplication.JsonAsync(answer);
        var id = run.GetProperty("id").GetString();
        Assert.Equal($"/runs/{id}", answer.Headers.Location?.OriginalString);
        Assert.Equal(("queued", "pets"), (run.GetProperty("state").GetString(), run.GetProperty("model").GetString()));
        Assert.Equal(2, run.GetProperty("progress").GetProperty("epochs").GetInt32());
        Assert.Equal("""{"dataset":"pets","epochs":2}""", run.GetProperty("request").GetRawText());
        Assert.Equal(id, (await _service.GetJsonAsync($"/runs/{id}")).GetProperty("id").GetString());
        Assert.Matches("^[0-9a-f]{32}$", id);
    }

    [Fact]
    public async Task Train_WithoutARecipe_NamesTheOneThatIsMeant_AndItsWholeRequest()
    {
        using var answer = await PostAsync("""{"dataset":"pets","epochs":2}""");

        var chosen = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("chosen");
        Assert.Equal("article", chosen.GetProperty("recipe").GetString());
        var request = chosen.GetProperty("request");
        Assert.Equal((2, "article-cnn"), (request.GetProperty("epochs").GetInt32(), request.GetProperty("architecture").GetString()));
    }

    [Fact]
    public async Task Train_OfEmptyClasses_NamesThem()
    {
        using var answer = await PostAsync("""{"dataset":"gap"}""");

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("dogs, emus", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithoutValidationImagesOfAClass_OrAClassWhoseFolderWasEmpty_SaysSo()
    {
        var manifest = SomeDataset.Manifest("lost", ["cats", "dogs"]);
        await SomeDataset.AddReadyAsync(_service.Services, manifest with
        {
            Images =
            [
                .. manifest.Images,
                manifest.Images[0] with { Id = "other", Split = Split.Validation, Sha256 = SomeDataset.Sha256(9) },
            ],
            Layout = new(LayoutKind.Folders, []) { MissingClasses = ["birds"] },
        });

        using var answer = await PostAsync("""{"dataset":"lost"}""");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var advice = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("advice").EnumerateArray()
            .ToDictionary(one => one.GetProperty("code").GetString()!, one => one.GetProperty("text").GetString());
        Assert.StartsWith("'birds': no image came of this folder", advice["classes.missing"], StringComparison.Ordinal);
        Assert.StartsWith("'dogs': without validation images", advice["classes.unvalidated"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithFaultsInRequestAndNetwork_TellsAllAtOnce()
    {
        using var answer = await PostAsync("""
            {"dataset":"pets","epochs":0,"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[{"type":"conv2d","filters":0,"kernelSize":3},{"type":"flatten"},{"type":"dense","units":"classes"}]}}
            """);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["architecture.layers[0].filters", "epochs"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Train_LargerThanTheMemory_IsRefusedBeforeItBegins()
    {
        using var answer = await PostAsync("""{"dataset":"pets","architecture":"vgg16","imageSize":512,"batchSize":4096}""");

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "training.too-large");
        Assert.Contains("take a smaller batchSize", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OfAnotherMediaType_IsRefused()
    {
        using var content = new StringContent("""{"dataset":"pets"}""", Encoding.UTF8, "text/plain");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("/train"), content);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Train_BeyondTheQueuesLimit_IsUnavailableUntilThereIsRoom()
    {
        for (var i = 0; i < 3; i++)
        {
            using var taken = await PostAsync("""{"dataset":"pets"}""");
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        using var refused = await PostAsync("""{"dataset":"pets"}""", key: "k");
        await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "run.queue-full");

        var runs = _service.Services.GetRequiredService<RunStore>();
        await runs.CancelAsync((await runs.ListAsync(1, null))[0].Id);
        using var again = await PostAsync("""{"dataset":"pets"}""", key: "k");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Fact]
    public async Task Train_RepeatedUnderAKey_IsOneRunAndAnotherBodyAConflict()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            using var answer = await PostAsync("""{"dataset":"pets"}""", key: "k");
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString();
        }));

        Assert.Single(answers.Distinct());
        Assert.Single(await _service.Services.GetRequiredService<RunStore>().ListAsync(10, null));
        using var other = await PostAsync("""{"dataset":"pets","epochs":2}""", key: "k");
        await ProblemAssert.IsAsync(other, HttpStatusCode.Conflict, "idempotency.mismatch");
    }

    [Fact]
    public async Task Train_RepeatedAfterACrashBetweenKeyAndRun_MakesTheRun()
    {
        const string Body = """{"dataset":"pets"}""";
        await _service.Services.GetRequiredService<IdempotencyStore>().TakeAsync("train", "k", Encoding.UTF8.GetBytes(Body), "promised");

        using var answer = await PostAsync(Body, key: "k");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(WorkState.Queued, (await _service.Services.GetRequiredService<RunStore>().FindAsync("promised"))?.Work.State);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("/train"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _service.Client.SendAsync(request);
    }
}
