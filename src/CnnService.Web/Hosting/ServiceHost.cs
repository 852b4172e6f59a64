using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>Creates and runs the web application.</summary>
internal static partial class ServiceHost
{
    private const int RefusedExitCode = 1;
    private const string HostLog = "Microsoft.Extensions.Hosting.Internal.Host";

    private static volatile bool _started;

    /// <summary>
    /// The content root is the program's folder, whatever the working directory. Until the service has started, the host's own log is
    /// silenced, because <see cref="RunAsync"/> reports a failed start once and without a stack trace.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = StartWords.ToSettings(args),
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets(); // What is built and not published has the page's files where they were built.
        builder.Logging.AddFilter(HostLog, level => _started && level >= LogLevel.Warning);
        return builder;
    }

    /// <summary>
    /// Builds the service, lets <paramref name="map"/> set up its pipeline, prepares folders, rules and whatever
    /// <paramref name="open"/> opens, runs the service and returns the exit code. A refused start is reported in one sentence. Where
    /// nothing but an examination is asked for, <paramref name="examine"/> runs instead, and gives the exit code.
    /// </summary>
    public static async Task<int> RunAsync(
        WebApplicationBuilder builder, Action<WebApplication> map, Func<IServiceProvider, Task> open,
        Func<WebApplication, Task<int>> examine)
    {
        try
        {
            await using var app = builder.Build(); // Here already, settings are read: those of the stop, for one.
            map(app);
            return app.Configuration.GetValue<bool>(StartWords.DoctorSetting) ? await examine(app) : await ServeAsync(app, open);
        }
        catch (Exception refusal) when (IsRefusal(refusal))
        {
            await Console.Error.WriteLineAsync($"CnnService does not start: {refusal.Message}");
            return RefusedExitCode;
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, Func<IServiceProvider, Task> open)
    {
        try
        {
            PrivateFiles.CreateFromNowOn();
            if (StoreVerbs.IsAsked(app.Configuration))
            {
                return await StoreVerbs.RunAsync(app);
            }

            app.Services.GetRequiredService<DataFolders>().Create();
            app.Services.GetService<IStartupValidator>()?.Validate();
            if (app.Configuration.GetValue<bool>(StartWords.MigrateSetting))
            {
                await open(app.Services);
                return 0;
            }

            StartupChecks.Check(app);
            await open(app.Services);
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return app.Services.GetRequiredService<ExitCode>().Value;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0; // Told to stop before it had started.
        }
    }

    /// <summary>A rule that the start breaks, a store that is not there, or a setting whose text is not of its type.</summary>
    private static bool IsRefusal(Exception exception) =>
        exception is StartRefusedException or OptionsValidationException or StoreUnavailableException || IsWrongSetting(exception);

    /// <summary>Whether a setting's text is not of its type.</summary>
    public static bool IsWrongSetting(Exception exception) =>
        exception is InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" };

    private static async Task StartAsync(WebApplication app)
    {
        var folders = app.Services.GetRequiredService<DataFolders>();
        if (PrivateFiles.OpenMode(folders.Root) is { } mode)
        {
            LogOpenFolder(app.Logger, folders.Root, mode);
        }

        try
        {
            await app.StartAsync();
            _started = true;
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartRefusedException(
                $"{failure.Message} Stop what listens there, or choose another with --urls=http://localhost:PORT.");
        }
    }
}
