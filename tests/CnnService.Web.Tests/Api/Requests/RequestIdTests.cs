using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests.Api.Requests;

/// <summary>A service that keeps what it logs, and that fails at one address; shared by the tests of a class.</summary>
public sealed class LoggingService : IAsyncDisposable
{
    public const string FailingPath = "/health/fails";

    public LoggingService() => Service = new([], services => services
        .AddSingleton<ILoggerFactory>(new LoggerFactory([Log]))
        .AddSingleton<IStartupFilter>(new Failing()));

    internal ScopeLog Log { get; } = new();

    public CnnServiceApplication Service { get; }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Log.Dispose();
    }

    private sealed class Failing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Use((HttpContext http, RequestDelegate onward) => http.Request.Path == FailingPath
                ? throw new InvalidOperationException("fails")
                : onward(http));
        };
    }
}

/// <summary>A request is told apart from others by one id, in its answer, in what is logged for it, and on its span.</summary>
public sealed class RequestIdTests(LoggingService fixture) : IClassFixture<LoggingService>
{
    [Theory]
    [InlineData("a")]
    [InlineData("Order_17.b-3")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task SoundId_OfTheCaller_ComesBack(string id)
    {
        using var answer = await SendAsync("health/live", id);

        Assert.Equal(id, IdOf(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:b")]
    [InlineData("<script>")]
    [InlineData("é")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("one", "two")]
    public async Task UnsoundId_IsReplacedByANewOne(params string[] ids)
    {
        using var answer = await SendAsync("health/live", ids);
        using var other = await SendAsync("health/live", ids);

        Assert.Matches(@"\A[0-9a-f]{32}\z", IdOf(answer));
        Assert.NotEqual(IdOf(answer), IdOf(other));
    }

    [Theory]
    [InlineData("runs/none", HttpStatusCode.NotFound)]
    [InlineData("nowhere", HttpStatusCode.NotFound)]
    [InlineData("runs?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("health/fails", HttpStatusCode.InternalServerError)]
    public async Task Problem_TellsTheId(string path, HttpStatusCode status)
    {
        using var answer = await SendAsync(path, "asked-1");

        Assert.Equal("asked-1", IdOf(answer));
        Assert.Equal("asked-1", (await ProblemAssert.IsAsync(answer, status)).GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task StrangeHost_IsRefusedWithTheId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            CnnServiceApplication.Relative("health/live"))
        { Headers = { Host = "elsewhere.example" } };
        request.Headers.Add(RequestIds.Header, "asked-2");
        using var answer = await fixture.Service.Client.SendAsync(request);

        Assert.Equal("asked-2", IdOf(answer));
        Assert.Equal("asked-2",
            (await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.host-not-allowed")).GetProperty("requestId")
            .GetString());
    }

    [Fact]
    public async Task Log_OfARequest_HasTheIdInItsScope()
    {
        using var answer = await SendAsync(LoggingService.FailingPath, "asked-3");

        Assert.Single(fixture.Log.Entries, entry => entry.Level == LogLevel.Error && entry.Ids is ["asked-3"]);
    }

    [Fact]
    public async Task Span_OfARequest_HasTheId()
    {
        var trace = ActivityTraceId.CreateRandom();
        var span = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended =>
            {
                if (ended.TraceId == trace)
                {
                    span.TrySetResult(ended);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("health/live"));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using var answer = await fixture.Service.Client.SendAsync(request);

        Assert.Equal(IdOf(answer), (await span.Task.WaitAsync(TimeSpan.FromMinutes(10))).GetTagItem(RequestIds.SpanTag));
    }

    private static string IdOf(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues(RequestIds.Header));

    private async Task<HttpResponseMessage> SendAsync(string path, params string[] ids)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(path));
        foreach (var id in ids)
        {
            request.Headers.TryAddWithoutValidation(RequestIds.Header, id);
        }

        return await fixture.Service.Client.SendAsync(request);
    }
}
