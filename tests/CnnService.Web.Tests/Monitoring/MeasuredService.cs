using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Common;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Api.Requests;
using CnnService.Web.Tests.Features.Classify;
using CnnService.Web.Tests.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>
/// A service that has done a little of everything: a data set, a run, classifications, images, a refusal. And what it tells then. Shared by
/// the classes of the collection.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class MeasuredService : IAsyncLifetime, ICollectionFixture<MeasuredService>
{
    public const string Collection = "measured";

    /// <summary>A gauge of another service in this process.</summary>
    public const string Foreign = "foreign.gauge";

    private const string StorelessPath = "/health/storeless";

    public MeasuredService() => Service = new([], services => services
        .AddSingleton<ILoggerFactory>(new LoggerFactory([Log])).AddSingleton<IStartupFilter>(new Storeless()));

    public CnnServiceApplication Service { get; }

    internal ScopeLog Log { get; } = new();

    /// <summary>The run that was trained.</summary>
    internal string Run { get; private set; } = string.Empty;

    internal IReadOnlyList<Sample> Samples { get; private set; } = [];

    /// <summary>Bytes of the image cache's files.</summary>
    internal long CacheBytes { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(Service, "colours");
        await RedOrBlue.PublishAsync(Service, "narrow");
        await ColourDataset.ImportAsync(Service, "images", ColoursToClassify.Images);
        Run = await StartAsync("train", $$"""{"dataset":"images","model":"trained","epochs":1,{{ServiceClient.SmallNetwork}}}""");
        var job = await StartAsync("classify/jobs", """{"model":"colours","dataset":"images"}""");
        Assert.Equal(HttpStatusCode.OK, await ClassifyAsync("colours"));
        await LookAsync();
        await RefuseAsync();
        await SucceedsAsync($"classify/jobs/{job}");
        await SucceedsAsync($"runs/{Run}");
        CacheBytes =
            new DirectoryInfo(Path.Combine(Service.DataDirectory, "cache", "images")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length);
        using var foreign = new Meter(new MeterOptions(Telemetry.Name) { Scope = new Stranger() });
        foreign.CreateObservableGauge(Foreign, () => 1);
        Samples = await Sample.ScrapeAsync(Service.Client);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Log.Dispose();
    }

    /// <summary>A pattern twice, an explanation, feature maps, kernels, and what a class looks like.</summary>
    private async Task LookAsync()
    {
        foreach (var path in new[] { "conv_1/0?iterations=16&wait=120", "conv_1/0?iterations=16&wait=120", "conv_1/kernels?count=2",
            "classes/red?iterations=16&wait=120" })
        {
            using var image = await Service.Client.GetAsync(CnnServiceApplication.Relative($"visualize/{path}&model=colours"));
            Assert.Equal(HttpStatusCode.OK, image.StatusCode);
        }

        foreach (var path in new[] { "explain?model=colours", "visualize/conv_1?model=colours" })
        {
            using var form = Image();
            using var image = await Service.Client.PostAsync(CnnServiceApplication.Relative(path), form);
            Assert.True(image.IsSuccessStatusCode, await image.Content.ReadAsStringAsync());
        }
    }

    /// <summary>More callers at once than a queue of one takes, and a database that does not answer.</summary>
    private async Task RefuseAsync()
    {
        using var settings = new StringContent("""{"maxQueueSize":1}""", System.Text.Encoding.UTF8, "application/json");
        using var set = await Service.Client.PutAsync(CnnServiceApplication.Relative("models/narrow/serving"), settings);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        await Eventually.IsAsync(
            () => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ClassifyAsync("narrow", images: 16))),
            statuses => statuses.Contains(HttpStatusCode.ServiceUnavailable));
        using var answer = await Service.Client.GetAsync(CnnServiceApplication.Relative(StorelessPath[1..]));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "store.unavailable");
    }

    private async Task<HttpStatusCode> ClassifyAsync(string model, int images = 1)
    {
        using var form = Images(images);
        using var answer = await Service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}"), form);
        return answer.StatusCode;
    }

    private static MultipartFormDataContent Image() => Images(1);

    private static MultipartFormDataContent Images(int count)
    {
        var form = new MultipartFormDataContent();
        for (var i = 1; i <= count; i++)
        {
            var file = new ByteArrayContent(RedOrBlue.Image(255, 0, 0));
            file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(file, count == 1 ? "file" : "files", $"{i}.png");
        }

        return form;
    }

    private async Task<string> StartAsync(string path, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Service.Client.PostAsync(CnnServiceApplication.Relative(path), body);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private async Task SucceedsAsync(string path)
    {
        var over = await Eventually.IsAsync(() => Service.GetJsonAsync(path),
            seen => seen.GetProperty("state").GetString() is not ("queued" or "running"));
        Assert.True(over.GetProperty("state").GetString() == "succeeded", $"{over}");
    }

    /// <summary>Makes the meters of another service in this process.</summary>
    private sealed class Stranger : IMeterFactory
    {
        public Meter Create(MeterOptions options) => throw new NotSupportedException("it only stands for one");

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    /// <summary>An address behind which the database is gone.</summary>
    private sealed class Storeless : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Use((HttpContext http, RequestDelegate onward) => http.Request.Path == StorelessPath
                ? throw new StoreUnavailableException("gone", new TimeoutException())
                : onward(http));
        };
    }
}
