using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace CnnService.Web.Tests.Work;

/// <summary>Remembers what was rung for, as <c>queue:id</c>; fails as a storage that does not answer would where told to.</summary>
internal sealed class RecordingJobs : IBackgroundJobClient
{
    public List<string> Rung { get; } = [];

    public bool Fails { get; set; }

    public string Create(Job job, IState state)
    {
        if (Fails)
        {
            throw new BackgroundJobClientException("The storage does not answer.", new TimeoutException());
        }

        Rung.Add($"{job.Queue}:{job.Args[0]}");
        return "1";
    }

    public bool ChangeState(string jobId, IState state, string expectedState) => throw new NotSupportedException();
}
