using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Advances sweeps when one of their runs has ended; <see cref="LeaseRecovery"/> catches up on what is missed here.</summary>
internal sealed class SweepQueue(SweepScheduler scheduler, WorkQueue queue)
{
    /// <summary>Queues the sweep's next trials and enqueues jobs for them.</summary>
    /// <param name="sweep">Id of the sweep; null if the run belongs to none.</param>
    public async Task AdvanceAsync(string? sweep)
    {
        if (sweep is null)
        {
            return;
        }

        try
        {
            foreach (var run in await scheduler.AdvanceAsync(sweep))
            {
                queue.Enqueue<TrainingWork>(run);
            }
        }
        catch (StoreUnavailableException)
        {
            // Told by StoreAvailability; LeaseRecovery queues the trials once the database answers.
        }
    }

    /// <summary>Advances all sweeps without enqueuing jobs for the runs that it queues.</summary>
    public async Task AdvanceAllAsync()
    {
        foreach (var sweep in await scheduler.RunningAsync())
        {
            await scheduler.AdvanceAsync(sweep);
        }
    }

    /// <summary>Reports how many epochs a run of the sweep has completed.</summary>
    public Task ReachedAsync(string sweep, string run, int epoch) => scheduler.ReachedAsync(sweep, run, epoch);
}
