using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CnnService.Core.Common;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>What the service tells of its own work.</summary>
[Collection(MeasuredService.Collection)]
public class TelemetryTests(MeasuredService fixture)
{
    private readonly CnnServiceApplication _service = fixture.Service;

    [Theory]
    [InlineData("cnnservice_classify_stage_duration_seconds_count", "stage=\"inference\"")]
    [InlineData("cnnservice_classify_stage_duration_seconds_count", "stage=\"decode\"")]
    [InlineData("cnnservice_classify_batch_size_count", "")]
    [InlineData("cnnservice_sessions_open", "")]
    [InlineData("http_server_request_duration_seconds_count", "http_route=\"/classify\"")]
    public async Task Metrics_AfterAClassification_CountIt(string name, string label)
    {
        await ClassifyAsync();

        // The duration of a request is counted once its answer has gone.
        var lines = await Eventually.IsAsync(
            async () => (await _service.Client.GetStringAsync(CnnServiceApplication.Relative("metrics"))).Split('\n'), IsTold);

        var line = lines.First(IsIt);
        Assert.True(
            double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) >= 1,
            line);

        bool IsTold(string[] told) => told.Any(IsIt);

        bool IsIt(string told) => told.StartsWith(name, StringComparison.Ordinal) && told.Contains(label, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_OfAClassification_ShowItsStages()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        var trace = ActivityTraceId.CreateRandom();

        await ClassifyAsync($"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        var stages = spans.Where(span => span.TraceId == trace && span.Source.Name == Telemetry.Name)
            .ToDictionary(span => span.DisplayName);
        Assert.Equal(["decode", "inference", "queue"], stages.Keys.Order());
        Assert.Single(stages.Values.Select(stage => stage.ParentSpanId).Distinct());
        Assert.True(
            stages["decode"].StartTimeUtc <= stages["queue"].StartTimeUtc
            && stages["queue"].StartTimeUtc <= stages["inference"].StartTimeUtc);
        Assert.Equal(1, stages["inference"].GetTagItem("cnnservice.batch_size"));
    }

    private async Task ClassifyAsync(string? traceParent = null)
    {
        using var content = new ByteArrayContent(RedOrBlue.Image(255, 0, 0));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var request = new HttpRequestMessage(HttpMethod.Post,
            CnnServiceApplication.Relative("classify?model=colours"))
        { Content = content };
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
        }

        using var answer = await _service.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
