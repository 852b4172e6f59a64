using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace CnnService.Web.Work;

/// <summary>The jobs of a process that carries out none: its workers hear from the database that work waits.</summary>
internal sealed class NoJobs : IBackgroundJobClient
{
    public string Create(Job job, IState state) => string.Empty;

    public bool ChangeState(string jobId, IState state, string expectedState) => false;
}
