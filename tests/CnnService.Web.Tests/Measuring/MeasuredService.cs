using System.Net;
using System.Net.Http.Headers;
using CnnService.Web.Hosting;
using CnnService.Web.Tests.Features.Classify;
using CnnService.Web.Tests.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Measuring;

/// <summary>A service that has done a little of everything: a data set, a run, classifications, pictures, a refusal. And what it tells then.</summary>
public sealed class MeasuredService : IAsyncLifetime
{
    private const string StorelessPath = "/health/storeless";

    private readonly CnnServiceApplication _service = new([], services => services.AddSingleton<IStartupFilter>(new Storeless()));

    internal IReadOnlyList<Sample> Samples { get; private set; } = [];

    /// <summary>Bytes of the picture cache's files.</summary>
    internal long CacheBytes { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(_service, "colours");
        await RedOrBlue.PublishAsync(_service, "patient");
        await ColourDataset.ImportAsync(_service, "pictures", ColoursToClassify.Pictures);
        var run = await StartAsync("train", $$"""{"dataset":"pictures","model":"trained","epochs":1,{{ServiceCalls.SmallNetwork}}}""");
        var job = await StartAsync("classify/jobs", """{"model":"colours","dataset":"pictures"}""");
        await ClassifyAsync("colours", HttpStatusCode.OK);
        await LookAsync();
        await RefuseAsync();
        await SucceedsAsync($"classify/jobs/{job}");
        await SucceedsAsync($"runs/{run}");
        CacheBytes = new DirectoryInfo(Path.Combine(_service.DataDirectory, "cache", "pictures")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Samples = await Sample.ScrapeAsync(_service.Client);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    /// <summary>A pattern twice, an explanation, feature maps, kernels, and what a class looks like.</summary>
    private async Task LookAsync()
    {
        foreach (var path in new[] { "conv_1/0?iterations=16&wait=120", "conv_1/0?iterations=16&wait=120", "conv_1?kind=weights", "classes/red?iterations=16&wait=120" })
        {
            using var picture = await _service.Client.GetAsync(CnnServiceApplication.Relative($"visualize/{path}&model=colours"));
            Assert.Equal(HttpStatusCode.OK, picture.StatusCode);
        }

        foreach (var path in new[] { "explain?model=colours", "visualize/conv_1?model=colours" })
        {
            using var form = Picture();
            using var picture = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), form);
            Assert.True(picture.IsSuccessStatusCode, await picture.Content.ReadAsStringAsync());
        }
    }

    /// <summary>A picture that waits for company ten times as long as it may take, and a database that does not answer.</summary>
    private async Task RefuseAsync()
    {
        using var knobs = new StringContent("""{"defaultTimeoutMicroseconds":100000,"maxQueueDelayMicroseconds":1000000}""", System.Text.Encoding.UTF8, "application/json");
        using var set = await _service.Client.PutAsync(CnnServiceApplication.Relative("models/patient/serving"), knobs);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        await ClassifyAsync("patient", HttpStatusCode.GatewayTimeout);
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(StorelessPath[1..]));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "store.unavailable");
    }

    private async Task ClassifyAsync(string model, HttpStatusCode status)
    {
        using var form = Picture();
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}"), form);
        Assert.Equal(status, answer.StatusCode);
    }

    private static MultipartFormDataContent Picture() => new()
    {
        { new ByteArrayContent(RedOrBlue.Picture(255, 0, 0)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "file", "1.png" },
    };

    private async Task<string> StartAsync(string path, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), body);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private async Task SucceedsAsync(string path)
    {
        var over = await Eventually.IsAsync(() => _service.GetJsonAsync(path), seen => seen.GetProperty("state").GetString() is not ("queued" or "running"));
        Assert.True(over.GetProperty("state").GetString() == "succeeded", $"{over}");
    }

    /// <summary>An address behind which the database is gone.</summary>
    private sealed class Storeless : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Use((HttpContext http, RequestDelegate onward) => http.Request.Path == StorelessPath ? throw new StoreUnavailableException("gone", new TimeoutException()) : onward(http));
        };
    }
}
