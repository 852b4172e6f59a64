using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using CnnService.Torch.Training;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class AdamOptimizerTests
{
    [Theory]
    [InlineData("adam", 0)]
    [InlineData("adam-decay", 0.02)]
    public void Step_FiveTimes_MovesAsPyTorchDoes(string name, double decay)
    {
        using var scope = NewDisposeScope();
        using var tensors = Tensors(name);
        using var adam = new AdamOptimizer(tensors, new() { LearningRate = 0.01, WeightDecay = decay });

        for (var step = 0; step < 5; step++)
        {
            var gradient = Reference.Tensors[$"{name}/gradient/{step}"].Data;
            adam.Step([tensor(gradient, [3, 4])]);
            var expected = Reference.Tensors[$"{name}/after/{step}"].Data;
            Assert.All(expected.Zip(TensorValues.Read(tensors["output.weight"]).Data), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    private static NetworkTensors Tensors(string name)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(
            new(new(2, 2, 1), [new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "output", Units = 3, UseBias = false }]), 3, errors)!;
        var weights = new NamedWeights();
        weights.Add("output.weight", Reference.Tensors[$"{name}/start"]);
        return new(network, weights, CPU, ScalarType.Float32);
    }
}
