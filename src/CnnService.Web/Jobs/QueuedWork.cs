using Hangfire;

namespace CnnService.Web.Jobs;

/// <summary>What Hangfire calls.</summary>
public sealed class QueuedWork
{
    private readonly IServiceProvider _services;

    public QueuedWork(IServiceProvider services) => _services = services;

    [AutomaticRetry(Attempts = 0)]
    public async Task TrainAsync(string runId, CancellationToken shutdown)
    {
        try
        {
            await _services.GetRequiredService<TrainingJob>().RunAsync(runId, shutdown).ConfigureAwait(false);
        }
        finally
        {
            _services.GetRequiredService<WorkQueue>().Begun(WorkQueue.Training, runId);
        }
    }

    [AutomaticRetry(Attempts = 0)]
    public async Task ImportAsync(string dataset, CancellationToken shutdown)
    {
        try
        {
            await _services.GetRequiredService<ImportJob>().RunAsync(dataset, shutdown).ConfigureAwait(false);
        }
        finally
        {
            _services.GetRequiredService<WorkQueue>().Begun(WorkQueue.Background, dataset);
        }
    }
}
