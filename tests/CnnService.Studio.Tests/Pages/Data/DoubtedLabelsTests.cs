using System.Net;
using Bunit;
using CnnService.Studio.Pages.Data.Dataset;
using CnnService.Studio.Tests.Service;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>Labels that a network doubts, gone through by one key each.</summary>
public sealed class DoubtedLabelsTests : IAsyncDisposable
{
    private const string Starts = """
        {"items":[{"name":"resnet18","summary":"","trainedOn":"","source":"","licence":"","terms":"","sha256":"","bytes":1,
        "input":{"height":224,"width":224,"channels":3},"features":512,"links":{}}],"unusable":[]}
        """;

    /// <summary>Two that it speaks clearly against, and one that it is only less sure of.</summary>
    private const string Report = """
        {"dataset":"pets","digest":"d","images":4,"findings":[],"classes":[],
        "duplicates":{"exactGroups":0,"exactImages":0,"nearGroups":0,"nearImages":0,"leakedValidation":0,"leakedTest":0,"conflicting":0},
        "groups":[],"faultCounts":[],"faults":[],"notes":[],"sheet":"/",
        "labels":{"model":"resnet18","version":0,"evidence":"features","judged":4,"doubted":2,"agreement":0.5,"notes":[],"ranked":[
        {"image":{"id":"a","split":"train","class":"cats","source":"cats/1.jpg","url":"/"},
        "suggested":"dogs","probability":0.02,"suggestedProbability":0.98,"isDoubted":true},
        {"image":{"id":"b","split":"train","class":"dogs","source":"dogs/1.jpg","url":"/"},
        "suggested":"cats","probability":0.1,"suggestedProbability":0.9,"isDoubted":true},
        {"image":{"id":"c","split":"train","class":"dogs","source":"dogs/2.jpg","url":"/"},
        "suggested":"cats","probability":0.5,"suggestedProbability":0.5,"isDoubted":false}]}}
        """;

    private const string Changed = """
        {"image":{"id":"a","split":"train","class":"dogs","labels":["dogs"],"width":9,"height":9,"mediaType":"image/png",
         "source":"cats/1.jpg","url":"/"},
        "dataset":{"name":"pets","status":"ready","progress":{"done":4,"total":4},"createdAt":"2026-01-01T00:00:00Z"}}
        """;

    private readonly StudioContext _page;
    private readonly List<string> _relabelled = [];

    public DoubtedLabelsTests()
    {
        _page = new(new ScriptedService(Answer).Connect());
        _page.Render<MudPopoverProvider>();
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Labels_Doubted_AreShownWithTheOtherClass()
    {
        var labels = Look();

        Assert.Equal(["dogs, 98 %?", "cats, 90 %?"], labels.FindAll(".doubts b").Select(other => other.TextContent));
        Assert.Contains("resnet18 speaks clearly against 2 of 4 labels.", labels.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Doubt_KeyY_RelabelsAndOpensTheNext()
    {
        var labels = Look();
        labels.Find("button[title='cats/1.jpg']").Click();
        labels.WaitForElement(".viewer kbd", StudioContext.Limit);
        labels.WaitForState(() => labels.FindAll(".viewer .button.filled").Count == 1, StudioContext.Limit);

        labels.Find(".viewer").KeyDown(new KeyboardEventArgs { Key = "y" });

        labels.WaitForElement(".viewer[aria-label='dogs/1.jpg']", StudioContext.Limit);
        Assert.Equal(["/datasets/pets/images/a"], _relabelled);
        Assert.Single(labels.FindAll(".doubts li"));
    }

    [Fact]
    public void Doubt_KeyN_KeepsTheLabel()
    {
        var labels = Look();
        labels.Find("button[title='dogs/1.jpg']").Click();
        labels.WaitForState(() => labels.FindAll(".viewer .button.filled").Count == 1, StudioContext.Limit);

        labels.Find(".viewer").KeyDown(new KeyboardEventArgs { Key = "n" });

        labels.WaitForState(() => labels.FindAll(".viewer").Count == 0, StudioContext.Limit);
        Assert.Empty(_relabelled);
        Assert.Equal(["dogs, 98 %?"], labels.FindAll(".doubts b").Select(other => other.TextContent));
    }

    private IRenderedComponent<DoubtedLabels> Look()
    {
        var labels = _page.Render<DoubtedLabels>(parameters => parameters
            .Add(part => part.Dataset, "pets").Add(part => part.Classes, ["cats", "dogs"]));
        labels.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        labels.WaitForElement("button.button", StudioContext.Limit).Click();
        labels.WaitForElement(".doubts", StudioContext.Limit);
        return labels;
    }

    private (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path)
    {
        if (method == HttpMethod.Patch || method == HttpMethod.Put)
        {
            _relabelled.Add(path);
        }

        return path.StartsWith("/starts", StringComparison.Ordinal) ? (HttpStatusCode.OK, Starts)
            : path.StartsWith("/models", StringComparison.Ordinal) ? (HttpStatusCode.OK, """{"items":[],"next":null}""")
            : path.Contains("/health", StringComparison.Ordinal) ? (HttpStatusCode.OK, Report)
            : method != HttpMethod.Get ? (HttpStatusCode.OK, Changed)
            : (HttpStatusCode.NotFound, "{}");
    }
}
