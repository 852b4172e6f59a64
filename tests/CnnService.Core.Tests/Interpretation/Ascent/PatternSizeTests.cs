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
        var size = PatternSize.Choose(network, network.Find(layer)!, wanted);
        Assert.Equal(new Size2(expected, expected), size);
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
