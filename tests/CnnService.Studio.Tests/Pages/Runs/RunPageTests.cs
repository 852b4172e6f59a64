using System.Net;
using Bunit;
using CnnService.Studio.Browser;
using CnnService.Studio.Pages.Runs.Run;
using CnnService.Studio.Tests.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Pages.Runs;

/// <summary>A run that goes on while the service is killed and comes back.</summary>
public sealed class RunPageTests : IAsyncDisposable
{
    private readonly BunitContext _page = new();
    private readonly FakeTimeProvider _clock = new();
    private string _state = "running";
    private HttpStatusCode? _status = HttpStatusCode.OK;

    public RunPageTests()
    {
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
        _page.Services.AddMudServices();
        _page.Services.AddBrowser();
        _page.Services.AddSingleton<TimeProvider>(_clock);
        _page.Services.AddSingleton(new ScriptedService(Answer).Connect());
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void ServiceAway_InMidRun_IsSaidAndAskedAgain()
    {
        var page = _page.Render<RunPage>(parameters => parameters.Add(run => run.Id, "r"));

        page.WaitForAssertion(() => Assert.Contains("does not answer just now", page.Markup, StringComparison.Ordinal));
        Assert.Equal("pets is learning", page.Find("h1").TextContent);

        (_state, _status) = ("succeeded", HttpStatusCode.OK);
        page.WaitForState(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return page.Find("h1").TextContent == "pets has learned";
        });
    }

    /// <summary>Told of a run once, then away.</summary>
    private (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path)
    {
        if (path.EndsWith("/events", StringComparison.Ordinal))
        {
            _status = _state == "running" ? null : HttpStatusCode.OK;
            return (_status, "{}");
        }

        return path.EndsWith("/runs/r", StringComparison.Ordinal) ? (_status, Run)
            : path.EndsWith("/history", StringComparison.Ordinal) || path.EndsWith("/advice", StringComparison.Ordinal) ? (_status, "[]")
            : (_status, "{}");
    }

    private string Run => $$"""
        {"id":"r","state":"{{_state}}","progress":{"epoch":1,"epochs":9,"step":0,"steps":0,"part":"epochs","partFraction":0,"fraction":0.1,
        "imagesPerSecond":0,"etaSeconds":null},"request":{},"chosen":{"recipe":null,"summary":null,"request":{}},"advice":[],"dataset":"pets",
        "datasetRevision":1,"model":"pets","version":null,"endedEarly":false,"createdAt":"2026-01-01T00:00:00Z"}
        """;
}
