using System.Diagnostics;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// Finds work that no worker holds, at start and every few seconds, and enqueues jobs for it; deletes files left behind by crashes.
/// </summary>
internal sealed partial class LeaseRecovery(
    IEnumerable<IJobRunner> runners,
    SweepQueue sweeps,
    DatasetStore datasets,
    IdempotencyStore keys,
    ServiceLock exclusive,
    ReservedSpace reserve,
    DataFolders folders,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<LeaseRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RecoverEvery, clock);
        var cleaned = false;
        do
        {
            try
            {
                await EnqueueWaitingAsync(stoppingToken);
                if (exclusive.IsHeld)
                {
                    reserve.Restore(); // The embedded database is on this disk.
                }

                if (!cleaned)
                {
                    await CleanAsync();
                    cleaned = true;
                }
            }
            catch (StoreUnavailableException)
            {
                // Told by StoreAvailability; tried again at the next tick.
            }
            catch (IOException failure) when (failure.IsDiskFull())
            {
                LogUnavailable(failure.Message); // Tried again at the next tick.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Enqueues jobs for all waiting work.</summary>
    public async Task EnqueueWaitingAsync(CancellationToken cancel)
    {
        await sweeps.AdvanceAllAsync(); // First, because it may queue runs.
        foreach (var runner in runners)
        {
            await runner.EnqueueWaitingAsync(cancel);
        }
    }

    /// <summary>Deletes files that dead processes were writing, uploads that no import needs, and expired idempotency keys.</summary>
    public async Task CleanAsync()
    {
        // With exclusive access to the directory, everything older than this process is abandoned; otherwise what is older than a day.
        var before = exclusive.IsHeld ? Started() : clock.GetUtcNow() - AbandonedAfter;
        var needed = await datasets.SourcesAsync();
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var left = Directory.EnumerateFiles(folders.Root, "*" + DurableFile.TemporaryMark + "*", all)
            .Concat(Directory.EnumerateFiles(folders.Uploads).Where(file => !needed.Contains(file)))
            .Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime);
        foreach (var file in left.ToList())
        {
            File.Delete(file);
            LogDeleted(file);
        }

        await keys.ForgetAsync(clock.GetUtcNow() - IdempotencyStore.RetentionPeriod);
    }

    private static DateTimeOffset Started()
    {
        using var self = Process.GetCurrentProcess();
        return self.StartTime.ToUniversalTime();
    }
}
