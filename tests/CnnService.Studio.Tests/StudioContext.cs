using Bunit;
using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Service;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CnnService.Studio.Tests;

/// <summary>What the page's components find around them: its services, and a browser whose scripts do nothing.</summary>
internal sealed class StudioContext : BunitContext
{
    /// <summary>How long a test waits for the page: far longer than the slowest machine under load takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <param name="client">The service.</param>
    /// <param name="clock">By which the page pauses between two questions; null: the machine's.</param>
    public StudioContext(CnnServiceClient client, TimeProvider? clock = null)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddBrowser();
        Services.AddService(new Uri("http://localhost:5000/studio/"));
        Services.AddSingleton(client);
        if (clock is not null)
        {
            Services.AddSingleton(clock);
        }
    }
}
