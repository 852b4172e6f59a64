using System.Data.Common;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Operating;

/// <summary>
/// The verb <c>doctor</c>: tries what a service with these settings needs, and tells what it has and lacks. It leaves everything as it is,
/// and may run beside a service.
/// </summary>
internal static class Doctor
{
    private const int LacksExitCode = 1;

    /// <summary>For each check.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Tries one after the other, and returns the exit code.</summary>
    public static async Task<int> RunAsync(WebApplication app)
    {
        var lacks = false;
        foreach (var (name, check) in Checks(app))
        {
            var (_, ok, detail) = await TryAsync(name, check);
            await Console.Out.WriteLineAsync($"{(ok ? "ok" : "lacks"),-6} {name,-14} {detail}".TrimEnd());
            lacks |= !ok;
        }

        return lacks ? LacksExitCode : 0;
    }

    private static IEnumerable<(string Name, Func<CancellationToken, Task<ReadinessCheck>> Check)> Checks(WebApplication app)
    {
        var (services, roles) = (app.Services, app.Services.GetRequiredService<RoleOptions>());
        var folders = services.GetRequiredService<DataFolders>();
        yield return ("settings", _ => Task.FromResult(Settings(app)));
        yield return ("dataDirectory", _ => Task.FromResult(Folder(folders)));
        yield return ("disk", _ => Task.FromResult(Disk(folders)));
        yield return ("database", cancel => DatabaseAsync(app, folders, cancel));
        if (folders.Copies.AreUsed)
        {
            yield return ("artifacts", cancel => ArtifactsAsync(folders, cancel));
        }

        if (roles.IsWorker)
        {
            yield return ("torch", _ => Task.FromResult(ReadinessChecks.Torch(services.GetRequiredService<ITorchRuntime>())));
            yield return ("starts", _ => Task.FromResult(services.GetRequiredService<StartCatalog>().Describe().Match(
                names => new ReadinessCheck("starts", true, names), problem => new("starts", false, problem.Detail))));
        }

        if (roles.IsApi)
        {
            yield return ("serving", _ => Task.FromResult(ReadinessChecks.Serving(
                services.GetRequiredService<IServingDevice>(), services.GetRequiredService<IServingRuns>())));
        }
    }

    private static async Task<ReadinessCheck> TryAsync(string name, Func<CancellationToken, Task<ReadinessCheck>> check)
    {
        using var late = new CancellationTokenSource(Limit);
        try
        {
            return await Task.Run(() => check(late.Token)).WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            return new(name, false, $"There was no answer within {Limit.TotalSeconds:F0} s.");
        }
        catch (Exception failure) when (failure is StartRefusedException or OptionsValidationException or IUnavailable or IOException
            or UnauthorizedAccessException or DbException || ServiceHost.IsWrongSetting(failure))
        {
            return new(name, false, failure.Message);
        }
    }

    private static ReadinessCheck Settings(WebApplication app)
    {
        app.Services.GetService<IStartupValidator>()?.Validate();
        StartupChecks.Check(app);
        return new("settings", true, null);
    }

    private static ReadinessCheck Folder(DataFolders folders) =>
        Directory.Exists(folders.Root) ? ReadinessChecks.Folder(folders.Root) with { Detail = folders.Root }
        : File.Exists(folders.Root) ? new("dataDirectory", false, $"'{folders.Root}' is a file.")
        : new("dataDirectory", true, $"'{folders.Root}' is not there yet: the first start makes it.");

    private static ReadinessCheck Disk(DataFolders folders)
    {
        var free = folders.FreeBytes;
        var check = ReadinessChecks.Disk(free);
        return check.Ok ? check with { Detail = $"{free >> 20} MB are free" } : check;
    }

    private static async Task<ReadinessCheck> DatabaseAsync(WebApplication app, DataFolders folders, CancellationToken cancel)
    {
        const string Name = "database";
        if (!app.Configuration.HasPostgres())
        {
            if (!SqliteFile.Exists(folders.Database))
            {
                return new(Name, true, "There is none yet: the first start makes it.");
            }

            if (await SqliteFile.FindDamageAsync(folders.Database) is { } damage)
            {
                return new(Name, false, $"'{folders.Database}' is damaged: {damage}");
            }
        }

        var due = await app.Services.GetRequiredService<DatabaseMigration>().CountDueAsync(cancel);
        return new(Name, true, due == 0
            ? "answers, in the form of this release"
            : $"answers; it is brought to the form of this release by the next start, or by '{StartWords.Migrate}'");
    }

    private static async Task<ReadinessCheck> ArtifactsAsync(DataFolders folders, CancellationToken cancel)
    {
        try
        {
            await folders.Copies.ProbeAsync(cancel);
            return new("artifacts", true, $"{folders.Copies.Place} takes objects, gives them back and deletes them");
        }
        catch (ArtifactsUnavailableException failure)
        {
            return new("artifacts", false, $"{folders.Copies.Place}: {failure.Message}");
        }
    }
}
