using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests.Persistence;

/// <summary>Who tells that the database is away: the service, once, and not each of Hangfire's parts with a stack trace.</summary>
public sealed class OutageLogTests
{
    [Theory]
    [InlineData("Hangfire.Server.Worker")]
    [InlineData("Hangfire.Processing.BackgroundExecution")]
    public void Log_OfHangfireOnPostgres_LeavesOutagesToTheService(string category)
    {
        using var folder = new TemporaryFolder();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Database=none")]).Build();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConsole())
            .AddPersistence(configuration, new DataFolders(folder.Path))
            .BuildServiceProvider();
        var log = services.GetRequiredService<ILoggerFactory>();

        Assert.False(log.CreateLogger(category).IsEnabled(LogLevel.Error));
        Assert.True(log.CreateLogger("CnnService.Web.Persistence.StoreAvailability").IsEnabled(LogLevel.Warning));
    }
}
