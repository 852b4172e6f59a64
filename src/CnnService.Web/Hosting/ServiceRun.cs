using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>From a built application to its end.</summary>
internal static class ServiceRun
{
    private const int Refused = 1;
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    private static volatile bool _started;

    /// <summary>Until the service has started, what stops it is told once, by <see cref="RunAsync"/>, and not as a stack trace besides.</summary>
    public static WebApplicationBuilder AddPlainRefusals(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter(HostLog, level => _started && level >= LogLevel.Warning);
        return builder;
    }

    /// <summary>Opens what must be open first, runs, and answers the exit code; a refusal to start is one sentence.</summary>
    public static async Task<int> RunAsync(WebApplication app, Func<IServiceProvider, Task> open)
    {
        try
        {
            app.Services.GetRequiredService<DataFolders>().Create();
            StartRules.Check(app);
            app.Services.GetService<IStartupValidator>()?.Validate();
            await open(app.Services);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception refusal) when (refusal is StartRefusedException or OptionsValidationException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync($"CnnService does not start: {refusal.Message}");
            return Refused;
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            _started = true;
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartRefusedException($"{failure.Message} Stop what listens there, or choose another with --urls=http://localhost:PORT.");
        }
    }
}
