using CnnService.Core.Datasets;
using CnnService.Engine.Tests.Torch.Training;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>A step neither copies anything to the device nor reads anything back, either of which would wait for a GPU.</summary>
[Collection(TorchSuite.Name)]
public sealed class LazyStepTests
{
    private const string Uploads = "lazy::_copy_from";
    private const string Reads = "aten::_local_scalar_dense";

    [Fact]
    public void Step_WithWhateverIsDrawnForIt_CopiesNothingAndWaitsForNothing()
    {
        List<(long Uploads, long Reads)> counted = [];
        using var bench = new TrainingBench
        {
            Devices = LazyDevice.Only,
            Time = new FakeTimeProvider(), // No second passes, in which progress would be read.
            Plan = TrainingBench.Some.Plan() with { Epochs = 2, Augmentation = AugmentationSpec.Strong, Mixup = 0.4, GradientClip = 1 },
        };
        using var observer = new RecordingObserver
        {
            OnStep = () =>
            {
                counted.Add(Count());
                LazyDevice.Sync();
            },
        };

        var before = Count();
        Assert.True(bench.Train(observer).Succeeded);

        Assert.True(counted[0].Uploads > before.Uploads, "The counter does not count.");
        Assert.True(Count().Reads > before.Reads, "The counter does not count.");
        foreach (var epoch in counted.Chunk(TrainingBench.StepsPerEpoch))
        {
            Assert.All(epoch, step => Assert.Equal(epoch[0], step));
        }
    }

    private static (long Uploads, long Reads) Count()
    {
        var counters = LazyDevice.Counters();
        return (counters.GetValueOrDefault(Uploads), counters.GetValueOrDefault(Reads));
    }
}
