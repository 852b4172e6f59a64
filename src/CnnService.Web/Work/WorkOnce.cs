using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Lets this process's one worker take one piece of work, and ends the process when that has ended, or if there is none.</summary>
internal sealed partial class WorkOnce(
    IEnumerable<IJobRunner> runners, WorkQueue queue, SweepQueue sweeps, Housekeeping housekeeping, ExitCode exit,
    IHostApplicationLifetime lifetime, IOptions<WorkOptions> options, TimeProvider clock, ILogger<WorkOnce> logger) : BackgroundService
{
    /// <summary>The exit code where nothing waited that this worker can take.</summary>
    public const int NothingToDo = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The start goes on meanwhile.
        if (!await TakeAsync(stoppingToken))
        {
            LogNothing();
            exit.Value = NothingToDo;
        }

        await ForgetAsync();
        lifetime.StopApplication();
    }

    /// <summary>Where all workers end with their work, nobody else does it; the next one does it too.</summary>
    private async Task ForgetAsync()
    {
        try
        {
            await housekeeping.ForgetAsync();
        }
        catch (StoreUnavailableException)
        {
            // Told by StoreAvailability.
        }
    }

    /// <summary>False if nothing waits that this worker can take.</summary>
    private async Task<bool> TakeAsync(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await sweeps.AdvanceAllAsync(); // First, because it may queue runs.
                foreach (var runner in runners)
                {
                    foreach (var id in await runner.FindWaitingAsync(cancel))
                    {
                        if (await RunAsync(runner, id, cancel))
                        {
                            return true;
                        }
                    }
                }

                return false;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(options.Value.RecoverEvery, clock, cancel); // Told by StoreAvailability.
            }
        }
    }

    /// <summary>False if the work was not claimed: another worker was faster.</summary>
    private async Task<bool> RunAsync(IJobRunner runner, string id, CancellationToken cancel)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnEnded(string job, bool isClaimed)
        {
            if (job == id)
            {
                ended.TrySetResult(isClaimed);
            }
        }

        queue.Ended += OnEnded;
        try
        {
            return runner.Enqueue(id) && await ended.Task.WaitAsync(cancel);
        }
        finally
        {
            queue.Ended -= OnEnded;
        }
    }
}
