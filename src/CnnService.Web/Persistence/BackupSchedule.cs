using Microsoft.Data.Sqlite;

namespace CnnService.Web.Persistence;

/// <summary>Backs up the embedded database when a backup is due. A failure is logged and tried again; it never ends the service.</summary>
internal sealed partial class BackupSchedule(DatabaseBackups backups, TimeProvider clock, ILogger<BackupSchedule> logger)
    : BackgroundService
{
    /// <summary>Longest wait between two looks, and the wait after a failure.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var due = backups.Due();
            var isMade = due > TimeSpan.Zero || await TryMakeAsync();
            var wait = isMade ? backups.Due() : LongestWait;
            await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, stoppingToken);
        }
    }

    private async Task<bool> TryMakeAsync()
    {
        try
        {
            LogMade(await backups.MakeAsync(isBeforeMigration: false));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            LogFailed(failure.Message);
            return false;
        }
    }
}
