using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Opens the database at the start: refuses one that is damaged, or missing beside a data directory that is not empty; recovers it if
/// that was asked for; backs it up before a migration, and migrates it.
/// </summary>
internal sealed partial class StoreStart(
    Store store, DatabaseMigration migration, DataFolders folders, DirectoryContents contents, DatabaseBackups backups,
    DatabaseRecovery recovery, IConfiguration configuration, TimeProvider clock, ILogger<StoreStart> logger)
{
    /// <summary>The argument that asks for recovery; the setting <c>Recover=true</c> does too.</summary>
    public const string Argument = "--recover";

    private const string Setting = "Recover";

    private bool IsRecovering => configuration.GetValue<bool>(Setting);

    private bool IsEmbedded => !configuration.HasPostgres();

    /// <exception cref="StartRefusedException">
    /// The database is damaged or missing, and recovery was not asked for; or the directory is a copy that broke off.
    /// </exception>
    public async Task OpenAsync()
    {
        if (IsEmbedded)
        {
            await RequireWholeAsync();
            await CheckFileAsync();
            await BackUpBeforeMigrationAsync();
        }

        await migration.RunAsync(CancellationToken.None);
        if (!IsEmbedded)
        {
            await RequireWholeAsync();
        }

        if (folders.Copies.AreUsed)
        {
            if (IsRecovering)
            {
                throw new StartRefusedException(
                    $"{Argument} reads the data directory, which holds copies only with Artifacts:Store=s3: restore a backup of "
                    + "PostgreSQL.");
            }
        }
        else if (IsRecovering)
        {
            LogRecovered(await recovery.RecoverAsync(CancellationToken.None));
        }
        else if (contents.Describe() is { } held && !await HasRowsAsync())
        {
            throw new StartRefusedException(Refusal($"holds nothing, although the data directory '{folders.Root}' holds {held}"));
        }
    }

    /// <summary>Makes sure that the directory is no copy that broke off: the rows come last.</summary>
    private async Task RequireWholeAsync()
    {
        if (!File.Exists(folders.UnfinishedCopy))
        {
            return;
        }

        if (!(IsEmbedded ? SqliteFile.Exists(folders.Database) : await HasRowsAsync()))
        {
            throw new StartRefusedException(
                $"The data directory '{folders.Root}' is a copy that broke off: copy again, which goes on with it, or delete it.");
        }

        File.Delete(folders.UnfinishedCopy);
    }

    /// <summary>Makes sure that the file is whole, or absent if there is nothing to lose.</summary>
    private async Task CheckFileAsync()
    {
        if (!SqliteFile.Exists(folders.Database))
        {
            if (contents.Describe() is not { } held)
            {
                return;
            }

            RequireRecovery($"is missing, although the data directory holds {held}");
        }
        else if (await SqliteFile.FindDamageAsync(folders.Database) is { } damage)
        {
            RequireRecovery($"is damaged ({damage})");
        }
        else
        {
            return;
        }

        await ReplaceAsync();
    }

    private async Task ReplaceAsync()
    {
        var aside = $"{folders.Database}.damaged-{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}";
        SqliteFile.MoveAside(folders.Database, aside);
        var backup = await backups.RestoreAsync();
        LogReplaced(backup ?? "an empty one: there is no backup", aside);
    }

    private void RequireRecovery(string fault)
    {
        if (!IsRecovering)
        {
            throw new StartRefusedException(Refusal(fault));
        }
    }

    private string Refusal(string fault)
    {
        var database = IsEmbedded ? $"The database '{folders.Database}'" : "The database in PostgreSQL";
        var backup = !IsEmbedded ? "Restore a backup of it"
            : backups.Newest is { } newest ? $"The newest backup is '{newest}'" : "There is no backup";
        var effect = IsEmbedded && backups.Newest is not null
            ? "puts it in place and adds what the manifests on disk hold besides"
            : "rebuilds data sets, models and runs from their manifests on disk";
        return $"{database} {fault}. {backup}; a start with {Argument} {effect}. Nothing was changed.";
    }

    private async Task BackUpBeforeMigrationAsync()
    {
        if (SqliteFile.Exists(folders.Database) && await store.UseAsync(IsOutdatedAsync))
        {
            LogBackedUp(await backups.MakeAsync(isBeforeMigration: true));
        }
    }

    private static async Task<bool> IsOutdatedAsync(StoreContext context) =>
        (await context.Database.GetAppliedMigrationsAsync()).Any() && (await context.Database.GetPendingMigrationsAsync()).Any();

    private Task<bool> HasRowsAsync() => store.UseAsync(async context =>
        await context.Runs.AnyAsync() || await context.Datasets.AnyAsync() || await context.Models.AnyAsync());
}
