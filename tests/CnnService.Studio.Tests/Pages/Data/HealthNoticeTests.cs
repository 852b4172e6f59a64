using System.Net;
using Bunit;
using CnnService.Client;
using CnnService.Studio.Pages.Data.Dataset;
using CnnService.Studio.Tests.Service;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>What was found in a data set, and the images to mend.</summary>
public sealed class HealthNoticeTests : IAsyncDisposable
{
    private const string Found = """
        {"dataset":"pets","digest":"d","images":4,
        "findings":[{"code":"images.conflicting","text":"2 images are also in another class.","count":2}],"classes":[],
        "duplicates":{"exactGroups":1,"exactImages":1,"nearGroups":0,"nearImages":0,"leakedValidation":0,"leakedTest":0,"conflicting":2},
        "groups":[
        {"isExact":true,"similarity":1,"count":3,"acrossSplits":false,"acrossClasses":false,
        "images":[{"id":"c","split":"train","class":"cats","source":"cats/3.jpg","url":"/"}]},
        {"isExact":true,"similarity":1,"count":2,"acrossSplits":false,"acrossClasses":true,
        "images":[{"id":"a","split":"train","class":"cats","source":"cats/1.jpg","url":"/"},
        {"id":"b","split":"train","class":"dogs","source":"dogs/1.jpg","url":"/"}]}],
        "faultCounts":[],"faults":[],"notes":[],"sheet":"/"}
        """;

    private readonly StudioContext _page;
    private volatile bool _isReady = true;

    public HealthNoticeTests() => _page = new(new ScriptedService(Answer).Connect(), new HastyClock());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Report_ImageInTwoClasses_ComesFirst()
    {
        var notice = _page.Render<HealthNotice>(parameters => parameters.Add(part => part.Dataset, "pets"));

        notice.WaitForElement("summary", StudioContext.Limit);

        Assert.Equal(["One image in 2 classes", "One image, 3 times"], notice.FindAll(".suspects li > p").Select(why => why.TextContent));
    }

    [Fact]
    public void Image_Pressed_IsOpened()
    {
        HealthImageResource? opened = null;
        var notice = _page.Render<HealthNotice>(parameters => parameters
            .Add(part => part.Dataset, "pets").Add(part => part.Opened, image => opened = image));

        notice.WaitForElement("button[title='dogs/1.jpg']", StudioContext.Limit).Click();

        Assert.Equal("b", opened?.Id);
    }

    [Fact]
    public void Report_NotReadyYet_IsAskedForAgain()
    {
        _isReady = false;
        var notice = _page.Render<HealthNotice>(parameters => parameters.Add(part => part.Dataset, "pets"));
        Assert.Empty(notice.FindAll("summary"));

        _isReady = true;

        Assert.Contains("1 thing to look at", notice.WaitForElement("summary", StudioContext.Limit).TextContent, StringComparison.Ordinal);
    }

    private (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path) =>
        !path.Contains("/health", StringComparison.Ordinal) ? (HttpStatusCode.NotFound, "{}")
        : _isReady ? (HttpStatusCode.OK, Found)
        : (HttpStatusCode.Accepted, "{}");
}
