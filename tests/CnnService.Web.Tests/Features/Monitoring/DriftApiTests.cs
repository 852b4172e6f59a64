using System.Net;
using System.Net.Http.Headers;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Monitoring;

/// <summary>A data set, and models of their own for the tests that count, shared by the tests of a class.</summary>
public sealed class MonitoredColours : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await ColourDataset.ImportAsync(
            Service,
            "images",
            [
                ("train/red/0.png", 250, 0, 0), ("train/blue/0.png", 0, 0, 250),
                .. Enumerable.Range(1, 20)
                    .SelectMany(
                        i => new[] { ($"validation/red/{i}.png", (byte)(200 + i), (byte)0, (byte)0),
                            ($"validation/blue/{i}.png", (byte)0, (byte)0, (byte)(200 + i)) }),
            ]);
        foreach (var model in new[] { "quiet", "waiting", "mixed", "skewed", "busy" })
        {
            await RedOrBlue.PublishAsync(Service, model);
            using var answer = await Service.Client.PutAsync(
                CnnServiceApplication.Relative($"models/{model}/capture"),
                new StringContent("""{"share":0}""", System.Text.Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class DriftApiTests(MonitoredColours colours) : IClassFixture<MonitoredColours>
{
    private readonly CnnServiceApplication _service = colours.Service;

    [Fact]
    public async Task Drift_CountsWhatIsServed_AndHoldsItAgainstTheDataSet()
    {
        await ClassifyAsync(255, 0);
        await ClassifyAsync(255, 0);
        await ClassifyAsync(0, 130);

        // A prediction is counted after its answer has gone out.
        var drift = await Eventually.IsAsync(
            () => _service.GetJsonAsync("models/mixed/drift?dataset=images"), seen => seen.GetProperty("predictions").GetInt64() == 3);

        Assert.Equal((3, 40), (drift.GetProperty("predictions").GetInt64(), drift.GetProperty("baselinePredictions").GetInt64()));
        Assert.Equal("tooFew", drift.GetProperty("verdict").GetString());
        var red = drift.GetProperty("classes").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "red");
        Assert.Equal((0.5, 2.0 / 3), (red.GetProperty("baselineShare").GetDouble(), red.GetProperty("share").GetDouble()));

        // 255 red: softmax(4, 0) = 0.982; 130 blue: softmax(2.04, 0) = 0.885.
        Assert.Equal("[0,0,0,0,0,0,0,0,1,2]", drift.GetProperty("confidence").GetProperty("served").ToString());
        Assert.Equal(40, drift.GetProperty("confidence").GetProperty("baseline")[9].GetInt64());
        Assert.Equal(drift.GetProperty("classDistribution").ToString(),
            (await _service.GetJsonAsync("models/mixed/drift")).GetProperty("classDistribution").ToString());
    }

    [Fact]
    public async Task Drift_WhoseBaselineIsNotMadeYet_Is202_AndGoesOn()
    {
        await RedOrBlue.PublishAsync(_service, "late");
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/late/drift?dataset=images&wait=0"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/models/late/drift?dataset=images&wait=0", answer.Headers.Location?.OriginalString);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("predicting", (await CnnServiceApplication.JsonAsync(answer)).GetProperty("status").GetString());
        Assert.Equal(40, (await _service.GetJsonAsync("models/late/drift?dataset=images")).GetProperty("baselinePredictions").GetInt64());
    }

    [Fact]
    public async Task Drift_OfAnotherMix_IsStrong_AndIsDrawn()
    {
        await AddAsync("skewed", 300);

        var drift = await _service.GetJsonAsync("models/skewed/drift?dataset=images&version=1&hours=1");

        Assert.Equal("strong", drift.GetProperty("verdict").GetString());
        Assert.Contains("'blue' is 0.0 % of the predictions and was 50.0 %", drift.GetProperty("sentence").GetString(),
            StringComparison.Ordinal);
        Assert.True(drift.GetProperty("from").GetDateTimeOffset() <= drift.GetProperty("to").GetDateTimeOffset());
        using var image = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/skewed/drift?dataset=images&format=png"));
        Assert.Equal("image/png", image.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Drift_WithoutVersion_IsOfTheOneThatServedMost()
    {
        await RedOrBlue.PublishAsync(_service, "busy");
        await AddAsync("busy", 60);

        Assert.Equal(1, (await _service.GetJsonAsync("models/busy/drift?dataset=images")).GetProperty("version").GetInt32());
        Assert.Equal(2, (await _service.GetJsonAsync("models/busy/drift?dataset=images&version=2")).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Drift_WhereNothingIsCounted_TellsWhy()
    {
        await RedOrBlue.PublishAsync(_service, "unwatched");

        Assert.EndsWith("'unwatched' are not counted now: PUT /models/unwatched/capture turns that on.", await SentenceAsync("unwatched"),
            StringComparison.Ordinal);
        Assert.Contains("Counting is on since 20", await SentenceAsync("waiting"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/quiet/drift", HttpStatusCode.Conflict, "drift.no-baseline")]
    [InlineData("models/quiet/drift?dataset=nothing", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("models/quiet/drift?dataset=images&split=test", HttpStatusCode.UnprocessableEntity, "drift.no-images")]
    [InlineData("models/nothing/drift", HttpStatusCode.NotFound, "model.not-found")]
    [InlineData("models/quiet/drift?version=9", HttpStatusCode.NotFound, "model.version-not-found")]
    [InlineData("models/quiet/drift?hours=0&format=bmp&split=half&version=0&wait=301", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Drift_Unsound_IsAProblem(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        var problem = await ProblemAssert.IsAsync(answer, status, code);
        Assert.True(status != HttpStatusCode.BadRequest || problem.GetProperty("errors").EnumerateObject().Count() == 5,
            problem.ToString());
    }

    private async Task<string?> SentenceAsync(string model) =>
        (await _service.GetJsonAsync($"models/{model}/drift?dataset=images")).GetProperty("sentence").GetString();

    private Task AddAsync(string model, long count)
    {
        var now = TimeProvider.System.GetUtcNow();
        return _service.Services.GetRequiredService<CaptureStore>().CountAsync(
            model, 0, [new()
            {
                Model = model,
                Version = 1,
                Hour = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600),
                Label = "red",
                Tenth = 9,
                Count = count,
            }]);
    }

    private async Task ClassifyAsync(byte red, byte blue)
    {
        using var content = new ByteArrayContent(RedOrBlue.Image(red, 0, blue))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") }
        };
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=mixed"), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
