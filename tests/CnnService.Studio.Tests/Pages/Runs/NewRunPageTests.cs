using Bunit;
using CnnService.Studio.Pages.Runs.New;
using CnnService.Studio.Tests.Service;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Studio.Tests.Pages.Runs;

/// <summary>The screen that starts a run.</summary>
public sealed class NewRunPageTests : IAsyncDisposable
{
    private readonly StudioContext _page = new(new SilentService().Connect());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Recipes_NotThereYet_SaysWhatIsWaitedFor()
    {
        var page = _page.Render<NewRunPage>(parameters => parameters.Add(run => run.Dataset, "pets"));

        Assert.StartsWith("Measuring how long", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button.filled").HasAttribute("disabled"));
        Assert.Equal("Train", page.Find("button.filled").TextContent);
    }

    [Fact]
    public void Dataset_InTheQuery_LeadsToItsAddress()
    {
        var navigation = _page.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("runs/new?dataset=my%20pets");

        _page.Render<NewRunPage>();

        Assert.EndsWith("/runs/new/my%20pets", navigation.Uri, StringComparison.Ordinal);
    }
}
