using System.Net;
using Bunit;
using CnnService.Studio.Browser;
using CnnService.Studio.Pages.Data.Dataset;
using CnnService.Studio.Service;
using CnnService.Studio.Tests.Service;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>A data set whose import failed.</summary>
public sealed class DatasetPageTests : IAsyncDisposable
{
    private const string Failed = """
        {"name":"pets","status":"failed","progress":{"done":0,"total":0},"createdAt":"2026-01-02T03:04:05Z",
        "failure":{"code":"dataset.no-classes","detail":"No class names were found: 3 images lie in no folder."}}
        """;

    /// <summary>Far longer than the slowest machine under load takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly BunitContext _page = new();

    public DatasetPageTests()
    {
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
        _page.Services.AddMudServices();
        _page.Services.AddBrowser();
        _page.Services.AddService(new Uri("http://localhost:5000/studio/"));
        _page.Services.AddSingleton<TimeProvider>(new HastyClock());
        _page.Services.AddSingleton(new ScriptedService((_, _) => (HttpStatusCode.OK, Failed)).Connect());
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void FailedImport_ShowsItsReason()
    {
        var page = _page.Render<DatasetPage>(parameters => parameters.Add(shown => shown.Name, "pets"));

        page.WaitForAssertion(
            () => Assert.Contains("3 images lie in no folder", page.Find(".notice").TextContent, StringComparison.Ordinal), Limit);
    }
}
