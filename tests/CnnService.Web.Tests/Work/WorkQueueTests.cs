using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Web.Tests.Work;

public sealed class WorkQueueTests
{
    private readonly RecordingJobs _jobs = new();
    private readonly WorkQueue _queue;

    public WorkQueueTests() => _queue = new WorkQueue(_jobs, NullLogger<WorkQueue>.Instance);

    [Fact]
    public void Enqueue_OfTwoKinds_IsInTheirQueues()
    {
        Assert.True(_queue.Enqueue<TrainingWork>("run"));
        Assert.True(_queue.Enqueue<ImportWork>("set"));

        Assert.Equal(["training:run", "background:set"], _jobs.Rung);
    }

    [Fact]
    public void Enqueue_WhileTheStorageDoesNotAnswer_SaysSoAndDoesNotThrow()
    {
        _jobs.Fails = true;

        Assert.False(_queue.Enqueue<TrainingWork>("run"));
    }

    [Fact]
    public void Remind_OfTheSameWaiting_RingsOnce()
    {
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0), new("b", 0)]);
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0), new("b", 0), new("c", 2)]);

        Assert.Equal(["training:a", "training:b", "training:c"], _jobs.Rung);
    }

    [Fact]
    public void Remind_OfARunThatAnotherWorkerTookAndLost_RingsAgain()
    {
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0)]);
        _queue.EnqueueWaiting<TrainingWork>([new("a", 1)]);

        Assert.Equal(["training:a", "training:a"], _jobs.Rung);
    }

    [Fact]
    public void Remind_AfterItsJobEndedWithoutAClaim_RingsAgain()
    {
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0)]);
        _queue.JobEnded<TrainingWork>("a");
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0)]);

        Assert.Equal(2, _jobs.Rung.Count);
    }

    [Fact]
    public void Remind_ThatWereRungForInVain_AreRungForAgain()
    {
        _jobs.Fails = true;
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0)]);
        _jobs.Fails = false;
        _queue.EnqueueWaiting<TrainingWork>([new("a", 0)]);

        Assert.Equal(["training:a"], _jobs.Rung);
    }

    [Fact]
    public void Remind_OfANameThatIsARunToo_RingsInItsOwnQueue()
    {
        _queue.EnqueueWaiting<TrainingWork>([new WaitingWork("a", 0)]);
        _queue.EnqueueWaiting<ImportWork>([new WaitingWork("a", 0)]);
        _queue.JobEnded<ImportWork>("a");
        _queue.EnqueueWaiting<ImportWork>([new WaitingWork("a", 0)]);

        Assert.Equal(["training:a", "background:a", "background:a"], _jobs.Rung);
    }
}
