using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Persistence;

/// <summary>Backups of the embedded database: when they are made, which are kept, and what they hold.</summary>
public sealed class DatabaseBackupTests
{
    [Fact]
    public async Task Backup_MadeWhileAWriterIsAtWork_HoldsWhatWasCommitted()
    {
        await using var host = await StoreHost.SqliteAsync();
        var run = await host.AddRunAsync();
        await using var writer = new SqliteConnection($"Data Source={host.Folders.Database};Pooling=false");
        await writer.OpenAsync();
        await using var open = writer.BeginTransaction();
        await using var half = writer.CreateCommand();
        half.Transaction = open;
        half.CommandText = "update runs set model = 'half'";
        await half.ExecuteNonQueryAsync();

        var backup = await host.Backups.MakeAsync(isBeforeMigration: false);

        Assert.Null(await SqliteFile.FindDamageAsync(backup));
        Assert.Equal([(run.Id, "shapes")], await RunsAsync(backup));
        Assert.Equal(backup, host.Backups.Newest);
        Assert.Equal(host.Clock.GetUtcNow(), host.Backups.NewestTime);
    }

    [Fact]
    public async Task Backups_BeyondTheNumberKept_GoOldestFirst_ThoseBeforeMigrationsApart()
    {
        await using var host = await StoreHost.SqliteAsync(new() { ["Backups:Keep"] = "2" });
        var made = new List<string> { await host.Backups.MakeAsync(isBeforeMigration: true) };
        for (var i = 0; i < 4; i++)
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            made.Add(await host.Backups.MakeAsync(isBeforeMigration: false));
        }

        Assert.Equal([made[0], made[3], made[4]], Directory.GetFiles(host.Folders.Backups).OrderBy(made.IndexOf));
        Assert.Equal(made[4], host.Backups.Newest);
    }

    [Fact]
    public async Task Schedule_MakesOneAtTheStart_AndEachDay()
    {
        await using var host = await StoreHost.SqliteAsync();
        var schedule = host.Services.GetServices<IHostedService>().OfType<BackupSchedule>().Single();
        await schedule.StartAsync(CancellationToken.None);
        await Eventually.IsAsync(() => Task.FromResult(Count()), count => count == 1);

        for (var hour = 1; hour < 24; hour++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, Count());
        }

        // An hour that passes between the schedule's look and its next timer is made up by a later one.
        await Eventually.IsAsync(
            () =>
            {
                host.Clock.Advance(TimeSpan.FromHours(1));
                return Task.FromResult(Count());
            },
            count => count > 1);
        await schedule.StopAsync(CancellationToken.None);

        int Count() => Directory.Exists(host.Folders.Backups) ? Directory.GetFiles(host.Folders.Backups, "*.db").Length : 0;
    }

    [Fact]
    public async Task Backup_MadeAfterTheClockWasSetBack_IsTheNewestStill_AndDueAtTheNextStart()
    {
        await using var host = await StoreHost.SqliteAsync(new() { ["Backups:Keep"] = "1" });
        var first = await host.Backups.MakeAsync(isBeforeMigration: false);
        host.Clock.AdjustTime(host.Clock.GetUtcNow() - TimeSpan.FromDays(10));
        var another = new DatabaseBackups(
            host.Folders, host.Services.GetRequiredService<IOptions<BackupOptions>>(), host.Clock);
        Assert.Equal(TimeSpan.Zero, another.Due());

        var second = await another.MakeAsync(isBeforeMigration: false);

        Assert.Equal(second, another.Newest);
        Assert.False(File.Exists(first));
        Assert.Equal(TimeSpan.FromDays(1), another.Due());
    }

    [Fact]
    public async Task Start_WithADamagedFile_IsRefusedWithTheNewestBackup_AndChangesNothing()
    {
        var host = await StoreHost.SqliteAsync();
        await host.AddRunAsync();
        var backup = await host.Backups.MakeAsync(isBeforeMigration: false);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => host.RestartAsync(OverwriteFirstPage));

        Assert.Contains($"'{host.Folders.Database}' is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{backup}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--recover", refused.Message, StringComparison.Ordinal);
        Assert.True((await File.ReadAllBytesAsync(host.Folders.Database))[..4096].All(value => value == 0xEE));
        Directory.Delete(host.Folders.Root, recursive: true);
    }

    [Fact]
    public async Task Recover_WithADamagedFile_TakesTheNewestBackupThatIsWhole_AndKeepsWhatWasThere()
    {
        var host = await StoreHost.SqliteAsync();
        var kept = await host.AddRunAsync();
        await host.Backups.MakeAsync(isBeforeMigration: false);
        host.Clock.Advance(TimeSpan.FromDays(1));
        var lost = await host.AddRunAsync();
        var damagedBackup = await host.Backups.MakeAsync(isBeforeMigration: false);

        await using var again = await host.RestartAsync(
            folders =>
            {
                OverwriteFirstPage(folders);
                File.WriteAllText(damagedBackup, "no database");
                File.WriteAllText($"{folders.Database}-wal", "a log that belongs to the damaged file");
            },
            new() { ["Recover"] = "true" });

        Assert.NotNull(await again.Runs.FindAsync(kept.Id));
        Assert.Null(await again.Runs.FindAsync(lost.Id));
        Assert.Single(
            Directory.GetFiles(again.Folders.Root, "cnnservice.db.damaged-*"), file => !file.EndsWith("-wal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_OfAnEmptyDataDirectory_MakesADatabase()
    {
        await using var host = await StoreHost.SqliteAsync();

        Assert.Equal(0, await host.Store.UseAsync(context => context.Runs.CountAsync()));
        Assert.Null(host.Backups.Newest);
    }

    private static void OverwriteFirstPage(DataFolders folders)
    {
        using var file = File.OpenHandle(folders.Database, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, [.. Enumerable.Repeat((byte)0xEE, 4096)], 0);
    }

    private static async Task<List<(string Id, string Model)>> RunsAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select id, model from runs";
        await using var reader = await command.ExecuteReaderAsync();
        List<(string, string)> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add((reader.GetString(0), reader.GetString(1)));
        }

        return rows;
    }
}
