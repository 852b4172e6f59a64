using Bunit;
using CnnService.Studio.Pages.Tour.Steps;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Pages.Tour;

/// <summary>The reader moves the window over the article's grid.</summary>
public sealed class ConvolutionStepTests : IAsyncDisposable
{
    private readonly BunitContext _page = new();

    public ConvolutionStepTests()
    {
        _page.Services.AddMudServices();
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Opened_ShowsTheFirstWindowsSum()
    {
        var step = _page.Render<ConvolutionStep>();

        Assert.Equal("4", step.Find("[data-testid=sum] b").TextContent);
        Assert.Single(Numbers(step)); // The others are for the reader to find.
    }

    [Fact]
    public void ArrowKeys_MoveTheWindow()
    {
        var step = _page.Render<ConvolutionStep>();

        Press(step, "ArrowRight");
        Assert.Equal("3", step.Find("[data-testid=sum] b").TextContent);
        Press(step, "ArrowDown");
        Assert.Equal("4", step.Find("[data-testid=sum] b").TextContent);
        Press(step, "ArrowUp");
        Press(step, "ArrowUp"); // There is no place above the first row.
        Assert.Equal("3", step.Find("[data-testid=sum] b").TextContent);
    }

    [Fact]
    public void AllOfIt_ShowsTheArticlesFeatureMap()
    {
        var step = _page.Render<ConvolutionStep>();

        step.FindAll("button").Single(button => button.TextContent.Contains("All of it", StringComparison.Ordinal)).Click();

        Assert.Equal(["4", "3", "4", "2", "4", "3", "2", "3", "4"], Numbers(step));
    }

    [Fact]
    public void ChangedWeight_ChangesTheSum()
    {
        var step = _page.Render<ConvolutionStep>();

        step.FindAll("input")[0].Change("5"); // The upper left weight, which lies on a 1.

        Assert.Equal("8", step.Find("[data-testid=sum] b").TextContent);
    }

    private static void Press(IRenderedComponent<ConvolutionStep> step, string key) =>
        step.Find(".tour-figure").KeyDown(new KeyboardEventArgs { Key = key });

    private static IEnumerable<string> Numbers(IRenderedComponent<ConvolutionStep> step) =>
        step.FindAll(".grid-figure")[^1].QuerySelectorAll(".cell span").Select(cell => cell.TextContent);
}
