using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>
/// Finds work that no worker holds, at start, every few seconds and when the database tells of some, and enqueues jobs for it; each day,
/// deletes what crashes left behind.
/// </summary>
internal sealed partial class LeaseRecovery(
    IEnumerable<IJobRunner> runners,
    SweepQueue sweeps,
    Housekeeping housekeeping,
    ServiceLock exclusive,
    ReservedSpace reserve,
    WorkBell bell,
    IOptions<WorkOptions> options,
    TimeProvider clock,
    ILogger<LeaseRecovery> logger) : BackgroundService
{
    private static readonly TimeSpan CleanEvery = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? cleanedAt = null;
        while (true)
        {
            try
            {
                await EnqueueWaitingAsync(stoppingToken);
                if (exclusive.IsHeld)
                {
                    reserve.Restore(); // The embedded database is on this disk.
                }

                if (cleanedAt is not { } at || clock.GetElapsedTime(at) >= CleanEvery)
                {
                    await housekeeping.CleanAsync();
                    cleanedAt = clock.GetTimestamp();
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

            await bell.WaitAsync(options.Value.RecoverEvery, stoppingToken);
        }
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
}
