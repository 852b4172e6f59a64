using CnnService.Core.Training;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Trainings that are asked to end with the best epoch so far.</summary>
[Collection(TorchSuite.Name)]
public sealed class EarlyEndTests
{
    private readonly TrainingPlan _plan = TrainingBench.Some.Plan() with { Epochs = 50 };

    [Fact]
    public void Train_AskedAmidAnEpoch_EndsWithTheEpochsBeforeIt()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver { EndAfter = (2 * TrainingBench.StepsPerEpoch) + 3 };

        var trained = bench.Train(observer, _plan).Value;

        Assert.Equal([1, 2], trained.History.Select(epoch => epoch.Epoch));
        Assert.Equal((2 * TrainingBench.StepsPerEpoch) + 3, observer.Steps.Count);
        Assert.Equal("The last good checkpoint is kept: 2 epochs and 3 steps.", CheckpointStore.DescribeLast(bench.Folder));
        using var whole = new TrainingBench();
        var two = whole.Train(plan: _plan with { Epochs = 2 }).Value;
        Assert.Equal(TrainingBench.HashOf(two.Weights), TrainingBench.HashOf(trained.Weights));
    }

    [Fact]
    public void Train_AskedBeforeTheFirstEpoch_WaitsForIt()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver { EndAfter = 1 };

        var trained = bench.Train(observer, _plan).Value;

        Assert.Equal([1], trained.History.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void Train_CancelledAndThenAsked_TrainsNoFurther()
    {
        using var bench = new TrainingBench();
        using (var stopped = new RecordingObserver { CancelAfter = TrainingBench.StepsPerEpoch + 2 })
        {
            Assert.Throws<OperationCanceledException>(() => bench.Train(stopped, _plan));
        }

        using var observer = new RecordingObserver { EndAfter = 0 };
        var trained = bench.Train(observer, _plan).Value;

        Assert.Empty(observer.Steps);
        Assert.Equal([1], trained.History.Select(epoch => epoch.Epoch));
    }
}
