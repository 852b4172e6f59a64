using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Optimizing;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class OptimizerTests
{
    public static TheoryData<string, OptimizerSpec, double?> Cases => new()
    {
        { "adam", new() { LearningRate = 0.01 }, null },
        { "adam-decay", new() { LearningRate = 0.01, WeightDecay = 0.02 }, null },
        { "adamw", new() { Name = OptimizerKind.Adamw, LearningRate = 0.01, WeightDecay = 0.3 }, null },
        { "sgd", new() { Name = OptimizerKind.Sgd, LearningRate = 0.05, Momentum = 0 }, null },
        { "sgd-momentum", new() { Name = OptimizerKind.Sgd, LearningRate = 0.05, WeightDecay = 0.02 }, null },
        { "sgd-nesterov", new() { Name = OptimizerKind.Sgd, LearningRate = 0.05, Momentum = 0.8, Nesterov = true }, null },
        { "rmsprop", new() { Name = OptimizerKind.Rmsprop, LearningRate = 0.01 }, null },
        { "rmsprop-momentum", new() { Name = OptimizerKind.Rmsprop, LearningRate = 0.01, Momentum = 0.7, WeightDecay = 0.02 }, null },
        { "sgd-clipped", new() { Name = OptimizerKind.Sgd, LearningRate = 0.05, Momentum = 0 }, 1.5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_FiveTimes_MovesAsPyTorchDoes(string name, OptimizerSpec spec, double? clip)
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors(name);
        using var optimizer = Optimizer.Create(tensors, spec, ParameterRules.None, clip);

        AssertSteps(name, optimizer, tensors, spec.LearningRate);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_FiveTimesOneParameterAtATime_MovesAsPyTorchDoes(string name, OptimizerSpec spec, double? clip)
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors(name);
        using var optimizer = Optimizer.CreatePlain(tensors, spec, ParameterRules.None, clip);

        AssertSteps(name, optimizer, tensors, spec.LearningRate);
    }

    [Fact]
    public void Step_WithAnL2Penalty_AddsItsGradient() // d/dw of L2·w² is 2·L2·w.
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors("sgd");
        using var optimizer = Optimizer.Create(
            tensors, new()
            {
                Name = OptimizerKind.Sgd,
                Momentum = 0,
            }, ParameterRules.None with { Penalties = new Dictionary<string, double> { ["output.weight"] = 0.25 } }, null);
        var start = Reference.Tensors["sgd/start"].Data;
        var gradient = Reference.Tensors["sgd/gradient/0"].Data;

        optimizer.Step([Gradient("sgd", 0)], rate: 0.1);

        var moved = TensorValues.Read(tensors["output.weight"]).Data;
        Assert.All(
            Enumerable.Range(0, start.Length),
            i => Assert.Equal(start[i] - (0.1 * (gradient[i] + (2 * 0.25 * start[i]))), moved[i], 1e-6));
    }

    [Fact]
    public void Step_WithAFactorOfTheRate_GoesThatFar()
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors("sgd");
        using var optimizer = Optimizer.Create(
            tensors, new()
            {
                Name = OptimizerKind.Sgd,
                Momentum = 0,
            }, ParameterRules.None with { RateFactors = new Dictionary<string, double> { ["output"] = 0.25 } }, null);
        var (start, gradient) = (Reference.Tensors["sgd/start"].Data, Reference.Tensors["sgd/gradient/0"].Data);

        optimizer.Step([Gradient("sgd", 0)], rate: 0.1);

        var moved = TensorValues.Read(tensors["output.weight"]).Data;
        Assert.All(Enumerable.Range(0, start.Length), i => Assert.Equal(start[i] - (0.025 * gradient[i]), moved[i], 1e-6));
    }

    [Fact]
    public void Step_WithAShortGradient_IsNotClipped()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(new float[] { 0.3f, 0.4f });
        Assert.Equal(new float[] { 0.3f, 0.4f }, GradientClip.Apply([gradient], 0.51)[0].data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Restore_AfterASnapshot_GoesOnBitForBit(string name, OptimizerSpec spec, double? clip)
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors(name);
        using var optimizer = Optimizer.Create(tensors, spec, ParameterRules.None, clip);
        optimizer.Step([Gradient(name, 0)], 0.01);
        optimizer.Step([Gradient(name, 1)], 0.01);
        using var others = new NetworkTensors(Network(), tensors.Snapshot(), CPU, ScalarType.Float32);
        using var other = Optimizer.Create(others, spec, ParameterRules.None, clip);
        other.Restore(optimizer.Steps, optimizer.Snapshot(parameter => parameter.FirstMoment),
            optimizer.Snapshot(parameter => parameter.SecondMoment));

        optimizer.Step([Gradient(name, 2)], 0.01);
        other.Step([Gradient(name, 2)], 0.01);

        Assert.Equal(TensorValues.Read(tensors["output.weight"]).Data, TensorValues.Read(others["output.weight"]).Data);
    }

    private static void AssertSteps(string name, Optimizer optimizer, NetworkTensors tensors, double rate)
    {
        for (var step = 0; step < 5; step++)
        {
            optimizer.Step([Gradient(name, step)], rate);
            var expected = Reference.Tensors[$"{name}/after/{step}"].Data;
            Assert.All(expected.Zip(TensorValues.Read(tensors["output.weight"]).Data), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    private static Tensor Gradient(string name, int step) => tensor(Reference.Tensors[$"{name}/gradient/{step}"].Data, [3, 4]);

    private static NetworkTensors Tensors(string name)
    {
        var weights = new NamedWeights();
        weights.Add("output.weight", Reference.Tensors[$"{name}/start"]);
        return new(Network(), weights, CPU, ScalarType.Float32);
    }

    private static ResolvedNetwork Network() => NetworkSpecValidator.Resolve(
        new(new(2, 2, 1), [new FlattenLayer { Name = "flat" }, new DenseLayer
        {
            Name = "output",
            Units = 3,
            UseBias = false,
        }]), 3, new ValidationErrors())!;
}
