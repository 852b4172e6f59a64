using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Moves sweeps on when one of their runs has ended; what is missed here, <see cref="LeaseRecovery"/> finds.</summary>
internal sealed partial class SweepQueue(SweepScheduler course, WorkQueue queue, ILogger<SweepQueue> logger)
{
    /// <summary>Queues the sweep's next trials and rings for them.</summary>
    /// <param name="sweep">Null: none, as with most runs.</param>
    public async Task AdvanceAsync(string? sweep)
    {
        if (sweep is null)
        {
            return;
        }

        try
        {
            foreach (var run in await course.AdvanceAsync(sweep))
            {
                queue.Enqueue<TrainingWork>(run);
            }
        }
        catch (StoreUnavailableException failure)
        {
            LogLater(failure, sweep);
        }
    }

    /// <summary>Moves all sweeps on, without ringing for what that queues.</summary>
    public async Task AdvanceAllAsync()
    {
        foreach (var sweep in await course.RunningAsync())
        {
            await course.AdvanceAsync(sweep);
        }
    }

    /// <summary>Tells that a run of the sweep has done so many epochs.</summary>
    public Task ReachedAsync(string sweep, string run, int epoch) => course.ReachedAsync(sweep, run, epoch);

    [LoggerMessage(LogLevel.Warning, "Sweep {Id}: its next trials are queued within 30 s")]
    private partial void LogLater(Exception failure, string id);
}
