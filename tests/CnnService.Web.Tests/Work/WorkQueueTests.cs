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
    public void TrainAndImport_RingInTheirQueues()
    {
        Assert.True(_queue.Train("run"));
        Assert.True(_queue.Import("set"));

        Assert.Equal(["training:run", "background:set"], _jobs.Rung);
    }

    [Fact]
    public void Train_WhileTheStorageDoesNotAnswer_SaysSoAndDoesNotThrow()
    {
        _jobs.Fails = true;

        Assert.False(_queue.Train("run"));
    }

    [Fact]
    public void RemindRuns_OfTheSameWaiting_RingsOnce()
    {
        _queue.RemindRuns([new("a", 0), new("b", 0)]);
        _queue.RemindRuns([new("a", 0), new("b", 0), new("c", 2)]);

        Assert.Equal(["training:a", "training:b", "training:c"], _jobs.Rung);
    }

    [Fact]
    public void RemindRuns_OfARunThatAnotherWorkerTookAndLost_RingsAgain()
    {
        _queue.RemindRuns([new("a", 0)]);
        _queue.RemindRuns([new("a", 1)]);

        Assert.Equal(["training:a", "training:a"], _jobs.Rung);
    }

    [Fact]
    public void RemindRuns_AfterItsJobEndedWithoutAClaim_RingsAgain()
    {
        _queue.RemindRuns([new("a", 0)]);
        _queue.TrainingOver("a");
        _queue.RemindRuns([new("a", 0)]);

        Assert.Equal(2, _jobs.Rung.Count);
    }

    [Fact]
    public void RemindRuns_ThatWereRungForInVain_AreRungForAgain()
    {
        _jobs.Fails = true;
        _queue.RemindRuns([new("a", 0)]);
        _jobs.Fails = false;
        _queue.RemindRuns([new("a", 0)]);

        Assert.Equal(["training:a"], _jobs.Rung);
    }

    [Fact]
    public void RemindImports_OfANameThatIsARunToo_RingsInItsOwnQueue()
    {
        _queue.RemindRuns([new WaitingWork("a", 0)]);
        _queue.RemindImports([new WaitingWork("a", 0)]);
        _queue.ImportOver("a");
        _queue.RemindImports([new WaitingWork("a", 0)]);

        Assert.Equal(["training:a", "background:a", "background:a"], _jobs.Rung);
    }
}
