using Hangfire;

namespace CnnService.Web.Work;

/// <summary>
/// Entry point of Hangfire jobs. Hangfire does not retry them: the row tells whether more is to be done, and <see cref="LeaseRecovery"/>
/// checks. What an exception says stays in the service's log: the job store and its pages get the kind of failure only.
/// </summary>
/// <typeparam name="TKind">Kind of work; the job's only argument is the id.</typeparam>
internal sealed partial class QueuedWork<TKind>(IJobRunner<TKind> runner, ILogger<QueuedWork<TKind>> logger)
    where TKind : IWorkKind
{
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(string id, CancellationToken shutdown)
    {
        try
        {
            await runner.RunAsync(id, shutdown);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailure(failure, id);
            throw new WorkFailedException(failure);
        }
    }
}
