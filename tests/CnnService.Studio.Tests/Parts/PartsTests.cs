using Bunit;
using CnnService.Client;
using CnnService.Studio.Parts;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Parts;

public sealed class PartsTests : BunitContext
{
    public PartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }

    [Fact]
    public void ProblemNotice_ProblemOfTheService_TellsSentenceAndWhatToDo()
    {
        var problem = new ProblemDetails { Detail = "There is no data set 'pets'.", Code = "dataset.not-found", RequestId = "abc" };
        var failure = new CnnServiceException<ProblemDetails>(
            "Not Found", 404, null, new Dictionary<string, IEnumerable<string>>(), problem, null);

        var notice = Render<ProblemNotice>(parameters => parameters.Add(part => part.Failure, failure));

        Assert.Equal("There is no data set 'pets'.", notice.Find("strong").TextContent);
        Assert.Contains("deleted or renamed", notice.Markup, StringComparison.Ordinal);
        Assert.Equal("alert", notice.Find("div").GetAttribute("role"));
    }

    [Fact]
    public void ProblemNotice_NoFailure_ShowsNothing() => Assert.Empty(Render<ProblemNotice>().Markup.Trim());

    [Fact]
    public void ProgressNotice_ShareAndTime_TellsBoth()
    {
        var notice = Render<ProgressNotice>(parameters => parameters
            .Add(part => part.Part, "Sending").Add(part => part.Share, 0.25).Add(part => part.TimeLeft, TimeSpan.FromSeconds(41)));

        Assert.Contains("41 s left", notice.Markup, StringComparison.Ordinal);
        Assert.Equal("25", notice.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
    }

    [Fact]
    public void LiveChart_Shares_SaysThemInWords()
    {
        var chart = Render<LiveChart>(parameters => parameters
            .Add(part => part.Name, "Accuracy").Add(part => part.IsShare, true).Add(part => part.Epochs, 4)
            .Add(part => part.MarkedEpoch, 2)
            .Add(part => part.Lines, [new ChartLine("training", [0.5, 0.75], 0), new ChartLine("validation", [null, null], 1)]));

        Assert.Equal("Accuracy: training 75 % at epoch 2, validation not measured yet", chart.Find("figure").GetAttribute("aria-label"));
        Assert.Equal(2, chart.FindAll("polyline").Count);
        Assert.Contains("dotted: epoch 2, the best", chart.Find("figcaption").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassChip_SameNumber_HasTheSameColour()
    {
        string ColourOf(int index) => Render<ClassChip>(parameters => parameters
            .Add(part => part.Name, "cats").Add(part => part.Index, index)).Find("i").GetAttribute("style")!;

        Assert.Equal(ColourOf(1), ColourOf(9)); // The palette has eight.
        Assert.NotEqual(ColourOf(1), ColourOf(2));
    }
}
