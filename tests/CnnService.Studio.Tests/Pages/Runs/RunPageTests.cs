using System.Net;
using Bunit;
using CnnService.Studio.Pages.Runs.Run;
using CnnService.Studio.Tests.Service;

namespace CnnService.Studio.Tests.Pages.Runs;

/// <summary>A run that goes on while the service is killed and comes back.</summary>
public sealed class RunPageTests : IAsyncDisposable
{
    private readonly StudioContext _page;
    private volatile bool _isAway;
    private volatile bool _isOver;

    public RunPageTests() => _page = new(new ScriptedService(Answer).Connect(), new HastyClock());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void ServiceAway_InMidRun_IsSaidAndAskedAgain()
    {
        var page = _page.Render<RunPage>(parameters => parameters.Add(run => run.Id, "r"));

        page.WaitForAssertion(
            () => Assert.Contains("does not answer just now", page.Markup, StringComparison.Ordinal), StudioContext.Limit);
        Assert.Equal("pets is learning", page.Find("h1").TextContent);
        Assert.DoesNotContain("0 images a second", page.Markup, StringComparison.Ordinal); // It is slow, not stopped.

        (_isOver, _isAway) = (true, false);
        page.WaitForState(() => page.Find("h1").TextContent == "pets has learned", StudioContext.Limit);
    }

    /// <summary>Told of a run until its events are asked for, then away until it is over.</summary>
    private (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path)
    {
        _isAway = !_isOver && (_isAway || path.Contains("/events", StringComparison.Ordinal));
        HttpStatusCode? status = _isAway ? null : HttpStatusCode.OK;
        return path.EndsWith("/runs/r", StringComparison.Ordinal) ? (status, Run)
            : path.Contains("/events", StringComparison.Ordinal) ? (status, "event: state\ndata: {}\n\n")
            : (status, "[]");
    }

    private string Run => $$"""
        {"id":"r","state":"{{(_isOver ? "succeeded" : "running")}}",
        "progress":{"epoch":1,"epochs":9,"step":0,"steps":0,"part":"epochs","partFraction":0,"fraction":0.1,
        "imagesPerSecond":0.4,"etaSeconds":null},
        "request":{},"chosen":{"recipe":null,"summary":null,"request":{} },"advice":[],"dataset":"pets",
        "datasetRevision":1,"requires":[],"model":"pets","version":null,"endedEarly":false,"createdAt":"2026-01-01T00:00:00Z"}
        """;
}
