using Hangfire;

namespace CnnService.Web.Work;

/// <summary>What Hangfire calls. Never retried by it: the row says whether there is more to do, and <see cref="Recovery"/> looks.</summary>
public sealed class QueuedWork
{
    private readonly IServiceProvider _services;

    public QueuedWork(IServiceProvider services) => _services = services;

    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task TrainAsync(string runId, CancellationToken shutdown)
    {
        var queue = _services.GetRequiredService<WorkQueue>();
        try
        {
            if (await _services.GetRequiredService<TrainingJob>().RunAsync(runId, shutdown))
            {
                queue.Train(runId);
            }
        }
        finally
        {
            queue.TrainingOver(runId);
        }
    }

    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task CompareAsync(string comparison, CancellationToken shutdown)
    {
        try
        {
            await _services.GetRequiredService<ComparisonJob>().RunAsync(comparison, shutdown);
        }
        finally
        {
            _services.GetRequiredService<WorkQueue>().ComparisonOver(comparison);
        }
    }

    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task ClassifyAsync(string job, CancellationToken shutdown)
    {
        try
        {
            await _services.GetRequiredService<ClassifyJob>().RunAsync(job, shutdown);
        }
        finally
        {
            _services.GetRequiredService<WorkQueue>().ClassificationOver(job);
        }
    }

    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task ImportAsync(string dataset, CancellationToken shutdown)
    {
        try
        {
            await _services.GetRequiredService<ImportJob>().RunAsync(dataset, shutdown);
        }
        finally
        {
            _services.GetRequiredService<WorkQueue>().ImportOver(dataset);
        }
    }
}
