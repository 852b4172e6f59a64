using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>From a built application to its end.</summary>
internal static class ServiceRun
{
    private const int Refused = 1;

    /// <summary>Opens what must be open first, runs, and answers the exit code; a refusal to start is one sentence.</summary>
    public static async Task<int> RunAsync(WebApplication app, Func<IServiceProvider, Task> open)
    {
        try
        {
            StartRules.Check(app);
            app.Services.GetService<IStartupValidator>()?.Validate();
            await open(app.Services).ConfigureAwait(false);
            await app.RunAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception refusal) when (refusal is StartRefusedException or OptionsValidationException or StoreUnavailableException)
        {
            await Console.Error.WriteLineAsync($"CnnService does not start: {refusal.Message}").ConfigureAwait(false);
            return Refused;
        }
    }
}
