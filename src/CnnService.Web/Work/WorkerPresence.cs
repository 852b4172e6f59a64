using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Tells the others that share the database of this worker, while it runs.</summary>
internal sealed class WorkerPresence(WorkerStore workers, WorkerAbility ability, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan ForgetWithin = TimeSpan.FromSeconds(3);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(ForgetWithin, clock);
            await workers.ForgetAsync(WorkerId.Current, limit.Token);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            // The others take it for gone once it has not told for a while.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // What it has is found by loading the tensor library, for which the start does not wait.
        using var timer = new PeriodicTimer(WorkerStore.TellEvery, clock);
        do
        {
            try
            {
                await workers.TellAsync(ability.Describe(), stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // Told by StoreAvailability; tried again at the next tick.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
