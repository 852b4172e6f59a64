using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Tests.Features.Monitoring;

public sealed class ShadowApiTests : IAsyncLifetime
{
    private const float Bias = 2;

    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(_service, "colours");
        await RedOrBlue.PublishAsync(_service, "colours", Bias);
        await AliasAsync("production", 1);
        await AliasAsync("candidate", 2);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Shadow_CountsHowOftenTheCandidateAgrees()
    {
        using var begun = await SetAsync("""{"alias":"candidate"}""");
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await CnnServiceApplication.JsonAsync(begun)).GetProperty("agreement").ValueKind);

        await ClassifyAsync(200, 10, 3);
        await ClassifyAsync(100, 150, 2);
        var shadow = await CountedAsync(5);

        Assert.Equal((3, 2), (shadow.GetProperty("agreed").GetInt64(), shadow.GetProperty("disagreed").GetInt64()));
        Assert.Equal((2, 0.6), (shadow.GetProperty("version").GetInt32(), shadow.GetProperty("agreement").GetDouble()));
        var expected = ((3 * (RedOrBlue.Red(200, 10, Bias) - RedOrBlue.Red(200, 10)))
            + (2 * (RedOrBlue.Red(100, 150, Bias) - RedOrBlue.Red(100, 150)))) / 5;
        Assert.Equal(expected, shadow.GetProperty("meanDifference").GetDouble(), 1e-4);
        Assert.Equal("""[{"served":"blue","candidate":"red","count":2}]""", shadow.GetProperty("disagreements").ToString());
        Assert.Equal((1, 2),
            (shadow.GetProperty("versions")[0].GetProperty("served").GetInt32(),
                shadow.GetProperty("versions")[0].GetProperty("candidate").GetInt32()));
    }

    [Fact]
    public async Task Shadow_OfAShare_AsksEvenlyAboutThatManyImages()
    {
        await SetAsync("""{"version":2,"share":0.5}""");

        await ClassifyAsync(200, 10, 6);

        Assert.Equal(0, (await CountedAsync(3)).GetProperty("dropped").GetInt64());
    }

    [Fact]
    public async Task Shadow_OfTheVersionThatAnswers_IsNotAsked()
    {
        await SetAsync("""{"version":2}""");

        await ClassifyAsync(200, 10, 2, "colours:2");
        await ClassifyAsync(200, 10, 1);

        Assert.Equal(1, (await CountedAsync(1)).GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Shadow_SetAgain_BeginsAnew_AndEnds()
    {
        await SetAsync("""{"version":2}""");
        await ClassifyAsync(200, 10, 1);
        await CountedAsync(1);

        await SetAsync("""{"version":2}""");
        Assert.Equal(0, (await _service.GetJsonAsync("models/colours/shadow")).GetProperty("requests").GetInt64());
        using var ended = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/shadow"));
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/shadow"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "shadow.not-found");
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/shadow"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "shadow.not-found");
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "alias")]
    [InlineData("""{"alias":"candidate","version":2}""", HttpStatusCode.BadRequest, "alias")]
    [InlineData("""{"version":2,"share":0}""", HttpStatusCode.BadRequest, "share")]
    [InlineData("""{"version":2,"share":1.5,"more":1}""", HttpStatusCode.BadRequest, "more")]
    [InlineData("""{"alias":"nobody"}""", HttpStatusCode.NotFound, null)]
    [InlineData("""{"version":9}""", HttpStatusCode.NotFound, null)]
    public async Task Shadow_Unsound_NamesTheField(string body, HttpStatusCode status, string? field)
    {
        using var answer = await SetAsync(body);
        var problem = await ProblemAssert.IsAsync(answer, status);
        Assert.True(field is null || problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"alias":"candidate"}""")]
    public async Task Shadow_OfTheVersionThatEveryNameLeadsTo_IsRefused(string body)
    {
        await AliasAsync("production", 2);

        using var answer = await SetAsync(body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.Conflict, "shadow.is-served");
        Assert.StartsWith(
            "Version 2 is the one that is served: 'colours', 'colours@candidate', 'colours@production' all name it",
            problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/shadow"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "shadow.not-found");
    }

    [Fact]
    public async Task ModelDeleted_TakesItsShadow()
    {
        await SetAsync("""{"version":2}""");
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours"));
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/shadow"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "shadow.not-found");
    }

    /// <summary>The candidate hangs: callers have their answers all the same, one image is held, one waits, the rest are dropped.</summary>
    [Fact]
    public async Task CandidateThatHangs_DelaysNobody_AndWhatDoesNotFitIsDropped()
    {
        var hanging = new HangingClassifier();
        await using var service = new CnnServiceApplication(new() { ["Monitoring:QueueSize"] = "1" }, services =>
        {
            services.RemoveAll<IClassifier>();
            services.AddSingleton<IClassifier>(hanging);
        });
        await RedOrBlue.PublishAsync(service, "colours");
        await RedOrBlue.PublishAsync(service, "colours");
        await AliasAsync("production", 1, service);
        using var begun = await service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/shadow"), Json("""{"version":2}"""));
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        hanging.Hangs = true;

        for (var i = 0; i < 6; i++)
        {
            using var answer = await PostAsync(service, RedOrBlue.Image(1, 2, 3), "colours:1");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Eventually.IsAsync(() => Task.FromResult(hanging.Asked), asked => asked == 1);
        }

        // An image is offered after its answer has gone out, so the last ones may be counted a moment later.
        await Eventually.IsAsync(
            () => service.GetJsonAsync("models/colours/shadow"),
            seen => seen.GetProperty("dropped").GetInt64() == 4);
    }

    [Fact]
    public async Task CandidateThatBreaks_IsToldAsFailed()
    {
        await SetAsync("""{"version":2}""");
        await ClassifyAsync(200, 10, 1);
        await CountedAsync(1);
        File.Delete(Path.Combine(_service.DataDirectory, "models", "colours", "2", "model.onnx"));
        _service.Services.GetRequiredService<IClassifier>().Unload(Path.Combine(_service.DataDirectory, "models", "colours", "2"));
        await ClassifyAsync(200, 10, 2);
        await Eventually.IsAsync(() => _service.GetJsonAsync("models/colours/shadow"), seen => seen.GetProperty("failed").GetInt64() == 2);

        // What is written is what a service that starts now would read.
        var store = _service.Services.GetRequiredService<ShadowStore>();
        Assert.Equal(2, (await store.FindAsync("colours"))!.Failed);
        Assert.Equal(1, Assert.Single(await store.CountsAsync("colours")).Count);
    }

    /// <summary>The service's own keeper would not write for ten minutes; one that ends writes at once.</summary>
    [Fact]
    public async Task Counts_AreWrittenDownWhenTheServiceStops()
    {
        await using var service = new CnnServiceApplication(new() { ["Monitoring:FlushEvery"] = "00:10:00" });
        await RedOrBlue.PublishAsync(service, "colours");
        await RedOrBlue.PublishAsync(service, "colours");
        await AliasAsync("production", 1, service);
        using var begun = await service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/shadow"), Json("""{"version":2}"""));
        using var answer = await PostAsync(service, RedOrBlue.Image(1, 2, 3), "colours:1");
        var store = service.Services.GetRequiredService<ShadowStore>();

        await Eventually.IsAsync(
            async () =>
            {
                using var ending = ActivatorUtilities.CreateInstance<MonitoringFlush>(service.Services);
                await ending.StopAsync(CancellationToken.None);
                return await store.CountsAsync("colours");
            },
            counts => counts.Sum(count => count.Count) == 1);
    }

    private Task<JsonElement> CountedAsync(int requests) =>
        Eventually.IsAsync(() => _service.GetJsonAsync("models/colours/shadow"),
            seen => seen.GetProperty("requests").GetInt64() >= requests);

    private async Task ClassifyAsync(byte red, byte blue, int times, string model = "colours@production")
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await PostAsync(_service, RedOrBlue.Image(red, 0, blue), model);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(CnnServiceApplication service, byte[] image, string model)
    {
        using var content = new ByteArrayContent(image) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        return await service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}"), content);
    }

    private Task<HttpResponseMessage> SetAsync(string body) =>
        _service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/shadow"), Json(body));

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    private async Task AliasAsync(string alias, int version, CnnServiceApplication? service = null)
    {
        using var answer = await (service ?? _service).Client.PutAsJsonAsync(
            CnnServiceApplication.Relative($"models/colours/aliases/{alias}"), new { version });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private sealed class HangingClassifier : IClassifier
    {
        private int _asked;

        public bool Hangs { get; set; }

        public int Asked => _asked;

        private async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(LoadedModel model, CancellationToken cancel)
        {
            if (Hangs && model.Version == 2)
            {
                Interlocked.Increment(ref _asked);
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return new ClassProbabilities([0.6f, 0.4f], default, default, 1);
        }

        public Outcome<IQueueReservation> Reserve(LoadedModel model, int images) =>
            Outcome.Success<IQueueReservation>(new Reservation(this, model));

        public ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel) => ValueTask.FromResult<Problem?>(null);

        public void Unload(string folder)
        {
        }

        private sealed class Reservation(HangingClassifier classifier, LoadedModel model) : IQueueReservation
        {
            public CancellationToken Over => CancellationToken.None;

            public Problem RecordTimeout() => throw new NotSupportedException();

            public ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer image, CancellationToken cancel) =>
                classifier.ClassifyAsync(model, cancel);

            public void Dispose()
            {
            }
        }
    }
}
