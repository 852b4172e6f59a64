using CnnService.Core.Architecture;
using CnnService.Engine.Tests.Torch.Interpretation;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Networks;

[Collection(TorchSuite.Name)]
public sealed class OneChannelTests
{
    [Theory]
    [InlineData("conv")]
    [InlineData("grouped")]
    [InlineData("norm")]
    [InlineData("pool")]
    [InlineData("dense")]
    public void ForwardTo_OneChannel_IsThatPartOfTheWhole(string layer)
    {
        var network = PatternBench.Resolve(new(new(12, 12, 3),
        [
            new Conv2dLayer { Name = "conv", Filters = 6, Activation = ActivationKind.Relu },
            new Conv2dLayer { Name = "grouped", Filters = 4, Groups = 2 },
            new BatchNormalizationLayer { Name = "norm", Activation = ActivationKind.Relu },
            new MaxPooling2dLayer { Name = "pool" },
            new FlattenLayer(),
            new DenseLayer { Name = "dense", Units = 5, Activation = ActivationKind.Relu },
            new DenseLayer(),
        ]));
        using var scope = NewDisposeScope();
        using var torchNetwork = new TorchNetwork(network, InitialWeights.Create(network, 1), CPU, ScalarType.Float32);
        var order = ExecutionOrder.To(network, network.Find(layer)!);
        var x = rand(2, 3, 12, 12);
        foreach (var tap in Enum.GetValues<TapPoint>())
        {
            var all = torchNetwork.ForwardTo(x, order, tap);
            for (var channel = 0; channel < all.shape[1]; channel++)
            {
                var one = torchNetwork.ForwardTo(x, order, tap, channel);
                Assert.True(one.allclose(all.narrow(1, channel, 1), atol: 1e-5), $"{layer} {tap} {channel}");
            }
        }
    }
}
