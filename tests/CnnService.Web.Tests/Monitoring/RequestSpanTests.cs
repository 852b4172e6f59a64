using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>What a service that exports traces says of requests.</summary>
public sealed class RequestSpanTests : IAsyncDisposable
{
    private readonly ConcurrentBag<Activity> _spans = [];
    private readonly CnnServiceApplication _service;

    /// <summary>Nothing listens at the endpoint: the exporter then drops what it has.</summary>
    public RequestSpanTests() => _service = new(
        new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" },
        services => services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(new Collector(_spans))));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("runs/00000000000000000000000000000000", "/runs/{id}", HttpStatusCode.NotFound)]
    [InlineData("recipes", "/recipes", HttpStatusCode.OK)]
    [InlineData("datasets?limit=-1", "/datasets/", HttpStatusCode.BadRequest)]
    public async Task Request_HasASpan_WithMethodRouteAndStatus(string path, string route, HttpStatusCode status)
    {
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(path));
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using var answer = await _service.Client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        var span = await Eventually.IsAsync(
            () => Task.FromResult(_spans.FirstOrDefault(span => span.TraceId == trace && span.Kind == ActivityKind.Server)),
            span => span is not null);
        Assert.Equal(
            ($"GET {route}", "GET", route, (int)status),
            (span!.DisplayName, span.GetTagItem("http.request.method"), span.GetTagItem("http.route")?.ToString(),
                span.GetTagItem("http.response.status_code")));
    }

    private sealed class Collector(ConcurrentBag<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Add(data);
    }
}
