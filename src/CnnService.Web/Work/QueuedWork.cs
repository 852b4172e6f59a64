using Hangfire;

namespace CnnService.Web.Work;

/// <summary>
/// Entry point of Hangfire jobs. Hangfire does not retry them: the row tells whether more is to be done, and
/// <see cref="LeaseRecovery"/> checks.
/// </summary>
/// <typeparam name="TKind">Kind of work; the job's only argument is the id.</typeparam>
internal sealed class QueuedWork<TKind>(IJobRunner<TKind> runner)
    where TKind : IWorkKind
{
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public Task RunAsync(string id, CancellationToken shutdown) => runner.RunAsync(id, shutdown);
}
