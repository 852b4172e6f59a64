using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;

namespace CnnService.Core.Tests.Interpretation.Ascent;

public sealed class PatternSizeTests
{
    [Theory]
    [InlineData(150, "conv_1", null, 150)] // the model's input
    [InlineData(28, "conv_1", null, 64)] // at least 64
    [InlineData(28, "conv_4", null, 69)] // 1.5 times the field of 46
    [InlineData(150, "conv_4", 97, 97)] // as asked, odd or not
    [InlineData(150, "conv_4", 32, 150)] // 32 leaves the fourth valid convolution no cell
    [InlineData(150, "dense", null, 150)] // behind flatten only the model's own size fits
    [InlineData(150, "dense", 64, 150)]
    [InlineData(28, "dense", null, 28)]
    public void Of_NetworkWithFlatten_FitsTheLayer(int input, string layer, int? wanted, int expected)
    {
        var network = Network(input, valid: input > 100);
        var size = PatternSize.Choose(network.Spec.Input, ExecutionOrder.To(network, network.Find(layer)!), wanted);
        Assert.Equal(new Size2(expected, expected), size);
    }

    [Fact]
    public void Choose_ClassesBehindASoftmax_KeepTheNetworksSize()
    {
        var network = NetworkSpecValidator.Resolve(new(new(28, 28, 1),
        [
            new Conv2dLayer { Name = "conv", Filters = 2 },
            new GlobalAveragePooling2dLayer(),
            new DenseLayer { Name = "output", Activation = ActivationKind.Softmax },
        ]), 3, new ValidationErrors())!;

        Assert.Equal(new Size2(28, 28), PatternSize.Choose(network.Spec.Input, ExecutionOrder.To(network, network.Output), 64));
        Assert.Equal(new Size2(64, 64), PatternSize.Choose(network.Spec.Input, ExecutionOrder.To(network, network.Find("conv")!), 64));
    }

    private static ResolvedNetwork Network(int input, bool valid)
    {
        var padding = valid ? Padding2.Valid : Padding2.Same;
        return NetworkSpecValidator.Resolve(new(new(input, input, 1),
        [
            new Conv2dLayer { Name = "conv_1", Filters = 2, Padding = padding },
            new MaxPooling2dLayer(),
            new Conv2dLayer { Name = "conv_2", Filters = 2, Padding = padding },
            new MaxPooling2dLayer(),
            new Conv2dLayer { Name = "conv_3", Filters = 2, Padding = padding, KernelSize = new(5, 5) },
            new MaxPooling2dLayer(),
            new Conv2dLayer { Name = "conv_4", Filters = 2, Padding = padding },
            new FlattenLayer(),
            new DenseLayer { Name = "dense", Units = 3 },
            new DenseLayer(),
        ]), 2, new ValidationErrors())!;
    }
}
