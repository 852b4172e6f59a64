using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Features in the arithmetic of training, judged by the network in float32 as it is.</summary>
[Collection(TorchSuite.Name)]
public sealed class FeatureRunnersTests
{
    private static readonly Preprocessing Rescale = Preprocessing.Create(NormalizationKind.Imagenet, 3, [], []);

    [Theory]
    [InlineData(Precision.Float32, 1e-4)]
    [InlineData(Precision.Bfloat16, 0.03)]
    public void Load_GivesWhatTheNetworkGives(Precision precision, double tolerance)
    {
        var (network, weights) = Network();
        var before = LiveTensors.Count();
        using var exact = new TorchRunnerFactory(LoadedTorch.Runtime).Load(network, weights, Rescale);
        var fast = new FeatureRunners(LoadedTorch.Devices).Load(network, weights, Plan(network, precision)).Value;

        var expected = exact.Logits(Images(5));
        var actual = fast.Runner.Logits(Images(5));

        Assert.Equal((precision, "cpu"), (fast.Precision, fast.Device));
        Assert.Equal(5 * 12, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max() / scale, 0, tolerance);
        exact.Dispose();
        fast.Runner.Dispose();
        Assert.Equal(before, LiveTensors.Count());
    }

    private static (ResolvedNetwork Network, NamedWeights Weights) Network()
    {
        var network = Onnx.Some.Network(
            NetworkSpecValidator.NoClasses,
            new(20, 16, 3),
            new Conv2dLayer { Name = "first", Filters = 8, Padding = Padding2.Explicit(1, 1, 0, 0), UseBias = false },
            new BatchNormalizationLayer { Name = "norm", Activation = ActivationKind.Relu },
            new MaxPooling2dLayer { Name = "pool" },
            new Conv2dLayer { Name = "second", Filters = 12, Activation = ActivationKind.Relu },
            new GlobalAveragePooling2dLayer { Name = "mean" });
        return (network, Onnx.Some.Weights(network));
    }

    private static PixelBatch Images(int count)
    {
        var random = new CounterRandom(4);
        var pixels = new byte[count * 20 * 16 * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt32(256);
        }

        return new(pixels, count, 20, 16, 3);
    }

    private static TrainingPlan Plan(ResolvedNetwork network, Precision precision) => new()
    {
        RunId = "run",
        Dataset = "d",
        DatasetFolder = "d",
        DatasetDigest = "d",
        Classes = ["a", "b"],
        Architecture = "custom",
        Network = network.Spec,
        Preprocessing = Rescale,
        Precision = precision,
        Device = DeviceChoice.Cpu,
        Threads = 1,
    };
}
