using CnnService.Web.Artifacts;
using CnnService.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CnnService.Web.Tests.Hosting;

public sealed class ServiceHostTests
{
    [Fact]
    public async Task Run_ToldToStopBeforeItHasStarted_EndsWithoutAnError()
    {
        using var folder = new TemporaryFolder();
        var builder = ServiceHost.CreateBuilder([$"--DataDirectory={folder.Path}", "--urls=http://127.0.0.1:0"]);
        builder.AddDataFolders();
        builder.Services.AddSingleton(new RoleOptions());

        var code = await ServiceHost.RunAsync(builder, _ => { }, services =>
        {
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return Task.CompletedTask;
        }, _ => Task.FromResult(-1));

        Assert.Equal(0, code);
    }
}
