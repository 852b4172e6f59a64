using Bunit;
using CnnService.Studio.Pages.Tour;
using CnnService.Studio.Pages.Tour.Steps;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Pages.Tour;

/// <summary>The steps that are arithmetic only.</summary>
public sealed class StepsTests : IAsyncDisposable
{
    private readonly BunitContext _page = new();

    public StepsTests()
    {
        _page.Services.AddMudServices();
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Stride_OfTwo_HalvesAndSaysSo()
    {
        var step = _page.Render<StrideStep>();
        Assert.Equal("5", step.Find("[data-testid=formula] b").TextContent); // 5 cells, 3x3, stride 1, padding 1: the size stays.

        step.FindAll("input[type=range]")[2].Input("2");

        Assert.Equal("3", step.Find("[data-testid=formula] b").TextContent);
    }

    [Fact]
    public void Stride_FilterThatDoesNotFit_SaysThat()
    {
        var step = _page.Render<StrideStep>();

        step.FindAll("input[type=range]")[0].Input("3");
        step.FindAll("input[type=range]")[1].Input("5");
        step.FindAll("input[type=range]")[3].Input("0");

        Assert.Equal("no place", step.Find("[data-testid=formula] b").TextContent);
        Assert.Contains("larger than the input", step.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Pooling_OfTheArticlesGrid_ShowsItsResult()
    {
        var step = _page.Render<PoolingStep>();
        Assert.Equal(["6", "8", "3", "4"], Result(step));

        step.FindAll("button").Single(button => button.TextContent.Trim() == "Mean").Click();

        Assert.Equal(["3.25", "5.25", "2", "2"], Result(step));
    }

    [Fact]
    public void ReceptiveField_OfThreeLayers_IsSevenPixels()
    {
        var step = _page.Render<ReceptiveFieldStep>();
        Assert.Equal("5", step.Find("[data-testid=field] b").TextContent);

        step.FindAll("button").Single(button => button.TextContent.Contains("3 layers", StringComparison.Ordinal)).Click();

        Assert.Equal("7", step.Find("[data-testid=field] b").TextContent);
        Assert.Equal(7 * 7, step.FindAll("svg")[0].QuerySelectorAll("rect.seen").Length);
        step.Find(".seen-maps").KeyDown(new KeyboardEventArgs { Key = "ArrowRight" });
        Assert.Equal(7 * 7, step.FindAll("svg")[0].QuerySelectorAll("rect.seen").Length);
    }

    [Fact]
    public void Flatten_OfAnEmptyMap_IsFiftyFifty()
    {
        var step = _page.Render<FlattenStep>();

        foreach (var index in Enumerable.Range(0, 8))
        {
            step.FindAll("input[type=number]")[index].Change("0");
        }

        Assert.Equal("0.500", step.Find("[data-testid=softmax] b").TextContent);
    }

    [Fact]
    public void Find_UnknownStep_IsTheFirst()
    {
        Assert.Equal(0, TourStep.Find("nowhere"));
        Assert.Equal(4, TourStep.Find("pooling"));
        Assert.Equal(TourStep.All.Count, TourStep.All.Select(step => step.Slug).Distinct().Count());
    }

    private static IEnumerable<string> Result(IRenderedComponent<PoolingStep> step) =>
        step.FindAll(".grid-figure")[1].QuerySelectorAll(".cell span").Select(cell => cell.TextContent);
}
