using System.Net;
using Bunit;
using CnnService.Studio.Pages.Data.Dataset;
using CnnService.Studio.Tests.Service;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>A data set whose import failed.</summary>
public sealed class DatasetPageTests : IAsyncDisposable
{
    private const string Failed = """
        {"name":"pets","status":"failed","progress":{"done":0,"total":0},"createdAt":"2026-01-02T03:04:05Z",
        "failure":{"code":"dataset.no-classes","detail":"No class names were found: 3 images lie in no folder."}}
        """;

    private readonly StudioContext _page = new(new ScriptedService((_, _) => (HttpStatusCode.OK, Failed)).Connect(), new HastyClock());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void FailedImport_ShowsItsReason()
    {
        var page = _page.Render<DatasetPage>(parameters => parameters.Add(shown => shown.Name, "pets"));

        page.WaitForAssertion(
            () => Assert.Contains("3 images lie in no folder", page.Find(".notice").TextContent, StringComparison.Ordinal),
            StudioContext.Limit);
    }
}
