using Hangfire;

namespace CnnService.Web.Work;

/// <summary>What Hangfire calls. Never retried by it: the row says whether there is more to do, and <see cref="LeaseRecovery"/>
/// looks.</summary>
/// <typeparam name="TKind">Of the work; the job itself carries an id alone.</typeparam>
internal sealed class QueuedWork<TKind>(IJobRunner<TKind> runner)
    where TKind : IWorkKind
{
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public Task RunAsync(string id, CancellationToken shutdown) => runner.RunAsync(id, shutdown);
}
