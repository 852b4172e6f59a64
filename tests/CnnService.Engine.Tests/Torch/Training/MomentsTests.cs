using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>The weights that a training tells of on its way.</summary>
[Collection(TorchSuite.Name)]
public sealed class MomentsTests
{
    [Fact]
    public void Train_FromTheStart_TellsOfTheInitialWeightsAndOfEachEpochs()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();

        var trained = bench.Train(observer).Value;

        Assert.Equal([0, 1, 2, 3], observer.Moments.Select(moment => moment.Epoch));
        Assert.Equal(4, observer.Moments.Select(moment => moment.Hash).Distinct().Count());
        Assert.Equal(TrainingBench.HashOf(Initial(bench.Plan)), observer.Moments[0].Hash);
        Assert.Equal(TrainingBench.HashOf(trained.Weights), observer.Moments[trained.Best.Epoch].Hash);
    }

    [Theory]
    [InlineData(3, new[] { 0, 1, 2, 3 })]
    [InlineData(7, new[] { 2, 3 })]
    public void Train_Resumed_TellsOfTheSameWeightsAndOfNoneTwice(int step, int[] epochs)
    {
        using var straight = new TrainingBench();
        using var all = new RecordingObserver();
        straight.Train(all);
        using var bench = new TrainingBench();
        using var first = new RecordingObserver { CancelAfter = step };
        Assert.Throws<OperationCanceledException>(() => bench.Train(first));
        using var second = new RecordingObserver();

        bench.Train(second);

        Assert.Equal(epochs.Where(epoch => epoch > 0), second.Moments.Select(moment => moment.Epoch));
        Assert.Equal(all.Moments, first.Moments.Concat(second.Moments));
    }

    [Fact]
    public void Train_BeforeTheCheckpointThatEndsTheEpoch_SoThatNoEpochIsLost()
    {
        using var bench = new TrainingBench { Plan = TrainingBench.Some.Plan() with { CheckpointEvery = TimeSpan.Zero } };
        using var observer = new RecordingObserver { FailAtWeights = epoch => epoch == 2 ? new TimeoutException() : null };

        Assert.Throws<TimeoutException>(() => bench.Train(observer));

        Assert.Equal("The last good checkpoint is kept: 1 epochs and 5 steps.", CheckpointStore.DescribeLast(bench.Folder));
    }

    [Fact]
    public void DigestOf_RoomForSnapshots_ChangesNothing() => Assert.Equal(
        CheckpointPosition.DigestOf(TrainingBench.Some.Plan()),
        CheckpointPosition.DigestOf(TrainingBench.Some.Plan() with { SnapshotBytes = 1 << 20 }));

    private static NamedWeights Initial(TrainingPlan plan) =>
        InitialWeights.Create(NetworkSpecValidator.Resolve(plan.Network, plan.Classes.Count, new ValidationErrors())!, plan.Seed);
}
