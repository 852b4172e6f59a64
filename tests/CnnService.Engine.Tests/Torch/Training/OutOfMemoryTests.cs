using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Core.Training;
using CnnService.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>What a training answers when a step does not fit into memory.</summary>
[Collection(TorchSuite.Name)]
public sealed class OutOfMemoryTests
{
    /// <summary>A step of 32 images takes some 1.2 GiB in its layers' outputs and their gradients alone, one of 4 images 150 MiB.</summary>
    private static TrainingPlan Wide => TrainingBench.Some.Plan() with
    {
        BatchSize = 32,
        Network = new(new(12, 12, 1),
        [
            new Conv2dLayer { Name = "conv", Filters = 16, Padding = Padding2.Same },
            new ActivationLayer { Name = "wide", Activation = ActivationKind.Tanh },
            new GlobalAveragePooling2dLayer { Name = "mean" },
            new DenseLayer { Name = "output" },
        ]),
    };

    [Fact]
    public void Train_StepThatDoesNotFit_NamesTheLargestThatDoes()
    {
        const int Side = 512;
        var plan = Wide with { Network = Wide.Network with { Input = new(Side, Side, 1) } };
        using var training = new StripedImages(32, seed: 1, Side);
        using var none = new StripedImages(0, seed: 1, Side);
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();
        var before = LiveTensors.Count();

        Core.Common.Outcome<TrainedNetwork> outcome;
        using (new MemoryLimit(growth: 900L << 20))
        {
            outcome = bench.Trainer.Train(plan.Resolve().Value, training, none, bench.Folder, observer, CancellationToken.None);
        }

        Assert.Equal("training.out-of-memory", outcome.Problem?.Code);
        Assert.Empty(observer.Steps);
        var largest = Assert.IsType<int>(outcome.Problem!.Data["largestBatchSize"]);
        Assert.Contains(largest, new[] { 2, 4, 8, 16 });
        Assert.Contains($"A step of 32 images does not fit into the memory of cpu; tried by halving, the largest batchSize that fits is "
            + $"{largest}.",
            outcome.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(before, LiveTensors.Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TimeStep_OfAPlan_IsSecondsAnImage_AndKeepsNothing(bool isPartlyFrozen)
    {
        using var bench = new TrainingBench();
        var before = LiveTensors.Count();

        var seconds = bench.Trainer.TimeStep(
            (Wide with { Frozen = isPartlyFrozen ? ["conv"] : null }).Resolve().Value, CancellationToken.None);

        Assert.InRange(seconds.Value, 1e-7, 10);
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void TimeStep_Cancelled_Ends()
    {
        using var bench = new TrainingBench();

        Assert.Throws<OperationCanceledException>(() => bench.Trainer.TimeStep(Wide.Resolve().Value, new CancellationToken(true)));
    }

    [Fact]
    public void FindLargest_EverythingFits_IsHalfTheBatch() =>
        Assert.Equal(16, BatchTrial.FindLargest(Wide, Wide.Resolve().Value.Network, CPU, Precision.Float32));

    [Fact]
    public void FindLargest_NetworkBeyondTheHostsMemory_IsNoneAndTriesNone()
    {
        var plan = Wide with
        {
            Network = new(new(512, 512, 1),
            [
                new Conv2dLayer { Name = "conv", Filters = 4096, Padding = Padding2.Same },
                new ActivationLayer { Name = "wide", Activation = ActivationKind.Tanh },
                new GlobalAveragePooling2dLayer { Name = "mean" },
                new DenseLayer { Name = "output" },
            ]),
        };
        var network = plan.Resolve().Value.Network;
        Assert.SkipUnless(TrainingMemory.Estimate(network, 1) > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "This host is very large.");

        Assert.Equal(0, BatchTrial.FindLargest(plan, network, CPU, Precision.Float32));
    }

    [Fact]
    public void Train_FailureDuringAStep_IsToldAsAProblemAndNotThrown()
    {
        using var bench = new TrainingBench();
#pragma warning disable CA2201 // What TorchSharp throws.
        var failure = new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB.");
#pragma warning restore CA2201
        using var observer = new RecordingObserver { OnStep = () => throw failure };

        var problem = bench.Train(observer).Problem;

        Assert.Equal("training.out-of-memory", problem?.Code);
        Assert.Equal(4, problem!.Data["largestBatchSize"]); // Of 8; in truth everything fits.
    }

    [Fact]
    public void Choose_PrecisionOnAGpuWithoutADriver_IsAProblem()
    {
        Assert.SkipWhen(cuda.is_available(), "This host has a GPU.");

        var problem = PrecisionSelection.Choose(Precision.Auto, new Device(DeviceType.CUDA, 0)).Problem;

        Assert.Equal("training.device-unavailable", problem?.Code);
        Assert.Contains("The GPU cuda:0 cannot be used", problem!.Detail, StringComparison.Ordinal);
    }
}
