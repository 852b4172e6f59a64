using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Optimizing;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>The fused optimizer against the one that moves one parameter at a time.</summary>
[Collection(TorchSuite.Name)]
public sealed class FusedOptimizerTests
{
    public static TheoryData<OptimizerSpec> Kinds => new()
    {
        new OptimizerSpec(),
        new OptimizerSpec { WeightDecay = 0.02 },
        new OptimizerSpec { Name = OptimizerKind.Adamw, WeightDecay = 0.3 },
        new OptimizerSpec { Name = OptimizerKind.Sgd, Nesterov = true },
        new OptimizerSpec { Name = OptimizerKind.Rmsprop, Momentum = 0.7 },
    };

    /// <summary>
    /// With penalties and factors of the rate, which make groups, and gradients of channels-last kernels, whose strides are not those of
    /// their parameters.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_TwentyTimes_DiffersByRoundingAlone(OptimizerSpec spec)
    {
        using var scope = NewDisposeScope();
        var rules = new ParameterRules(
            new Dictionary<string, double> { ["conv.weight"] = 0.25 }, new Dictionary<string, double> { ["output"] = 0.5 });
        using var expected = Tensors();
        using var found = Tensors();
        var start = expected.Snapshot();
        using var plain = Optimizer.CreatePlain(expected, spec, rules, clip: 1);
        using var fused = Optimizer.Create(found, spec, rules, clip: 1);
        for (var step = 0; step < 20; step++)
        {
            Tensor[] gradients = [.. plain.Parameters.Select((parameter, index) => Gradient(parameter, (100 * step) + index))];
            plain.Step(gradients, 0.01);
            fused.Step(gradients, 0.01);
        }

        Assert.IsType<FusedOptimizer>(fused);
        Assert.All(start.All, pair => Assert.NotEqual(pair.Value.Data, found.Snapshot()[pair.Key].Data));
        Assert.Equal(plain.Steps, fused.Steps);
        AssertNear(expected.Snapshot(), found.Snapshot());
        AssertNear(plain.Snapshot(state => state.FirstMoment), fused.Snapshot(state => state.FirstMoment));
        AssertNear(plain.Snapshot(state => state.SecondMoment), fused.Snapshot(state => state.SecondMoment));
    }

    [Fact]
    public void Step_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors();
        using var fused = Optimizer.Create(tensors, new(), ParameterRules.None, clip: null);
        Tensor[] gradients = [.. fused.Parameters.Select((parameter, index) => Gradient(parameter, index))];
        fused.Step(gradients, 0.01);
        var before = Tensor.TotalCount;
        fused.Step(gradients, 0.01);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(DeviceType.CPU, true)]
    [InlineData(DeviceType.CUDA, true)]
    [InlineData(DeviceType.META, false)]
    public void Fits_WhereTheKernelsAre(DeviceType type, bool fits) => Assert.Equal(fits, FusedOptimizer.Fits(new Device(type)));

    [Fact]
    public void Search_OfCudnn_IsSwitchedInLibtorch()
    {
        CudnnSearch.Set(true);

        Assert.True(CudnnSearch.IsOn); // Off by default; never switched off again, so that tests beside this one do not matter.
    }

    [Fact]
    public void Repeat_OfCudnn_IsSwitchedInLibtorch()
    {
        CudnnSearch.Repeat();

        Assert.True(CudnnSearch.Repeats);
    }

    private static Tensor Gradient(Tensor parameter, int seed)
    {
        var random = new CounterRandom(3, (ulong)seed);
        var values = new float[parameter.numel()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble(-1, 1);
        }

        var gradient = tensor(values, parameter.shape);
        return parameter.dim() == 4 ? ChannelsLast.Convert(gradient) : gradient;
    }

    private static void AssertNear(Core.Models.NamedWeights expected, Core.Models.NamedWeights found) => Assert.All(
        expected.All, pair => Assert.All(
            pair.Value.Data.Zip(found[pair.Key].Data),
            values => Assert.Equal(values.First, values.Second, 1e-6 * Math.Max(1, Math.Abs(values.First)))));

    private static NetworkTensors Tensors()
    {
        var network = NetworkSpecValidator.Resolve(
            new(new(8, 8, 3), [
                new Conv2dLayer { Name = "conv", Filters = 5 },
                new FlattenLayer { Name = "flat" },
                new DenseLayer { Name = "output" },
            ]), 3, new ValidationErrors())!;
        return new(network, InitialWeights.Create(network, 9), CPU, ScalarType.Float32);
    }
}
