using CnnService.Core.Datasets;
using CnnService.Engine.Tests.Torch.Training;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>A step neither copies anything to the device nor reads anything back, either of which would wait for it.</summary>
[Collection(TorchSuite.Name)]
public sealed class LazyStepTests
{
    [Fact]
    public void Probe()
    {
        using var bench = new TrainingBench
        {
            Devices = LazyDevice.Only,
            Time = new FakeTimeProvider(),
            Plan = TrainingBench.Some.Plan() with { Epochs = 1, Augmentation = AugmentationSpec.Strong, Mixup = 0.4, GradientClip = 1 },
        };
        List<Dictionary<string, long>> counted = [];
        using var observer = new RecordingObserver { OnStep = () => { counted.Add(LazyDevice.Counters()); LazyDevice.Sync(); counted[^1]["before"] = 0; } };
        bench.Train(observer);
        for (var step = 1; step < counted.Count; step++)
        {
            Console.WriteLine($"step {step}: " + string.Join(", ", counted[step].Where(c => c.Value != counted[step - 1].GetValueOrDefault(c.Key)).Select(c => $"{c.Key}+{c.Value - counted[step - 1].GetValueOrDefault(c.Key)}")));
        }
    }
}
