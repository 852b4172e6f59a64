using System.Net;
using Bunit;
using CnnService.Studio.Browser;
using CnnService.Studio.Pages.Runs.Run;
using CnnService.Studio.Service;
using CnnService.Studio.Tests.Service;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Pages.Runs;

/// <summary>A run that goes on while the service is killed and comes back.</summary>
public sealed class RunPageTests : IAsyncDisposable
{
    /// <summary>Far longer than the slowest machine under load takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly BunitContext _page = new();
    private volatile bool _isAway;
    private volatile bool _isOver;

    public RunPageTests()
    {
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
        _page.Services.AddMudServices();
        _page.Services.AddBrowser();
        _page.Services.AddService(new Uri("http://localhost:5000/studio/"));
        _page.Services.AddSingleton<TimeProvider>(new HastyClock());
        _page.Services.AddSingleton(new ScriptedService(Answer).Connect());
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void ServiceAway_InMidRun_IsSaidAndAskedAgain()
    {
        var page = _page.Render<RunPage>(parameters => parameters.Add(run => run.Id, "r"));

        page.WaitForAssertion(() => Assert.Contains("does not answer just now", page.Markup, StringComparison.Ordinal), Limit);
        Assert.Equal("pets is learning", page.Find("h1").TextContent);
        Assert.DoesNotContain("0 images a second", page.Markup, StringComparison.Ordinal); // It is slow, not stopped.

        (_isOver, _isAway) = (true, false);
        page.WaitForState(() => page.Find("h1").TextContent == "pets has learned", Limit);
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
