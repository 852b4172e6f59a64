using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Models;

public sealed class BatchNormalizationFoldingTests
{
    [Fact]
    public void Fold_AfterConvolution_IsTheFormula()
    {
        var network = Some.Network(Some.Headed(
            new(4, 4, 3),
            new Conv2dLayer { Name = "conv", Filters = 2, KernelSize = new(1, 1), UseBias = false },
            new BatchNormalizationLayer { Name = "norm", Epsilon = 1e-3, Activation = ActivationKind.Relu }));
        var weights = Head(network);
        weights.Add("conv.weight", new([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]));
        weights.Add("norm.weight", new([2], [2, 3]));
        weights.Add("norm.bias", new([2], [0.5f, -0.5f]));
        weights.Add("norm.running_mean", new([2], [1, 2]));
        weights.Add("norm.running_var", new([2], [3.999f, 8.999f]));

        var (folded, values) = BatchNormalizationFolding.Fold(network, weights);

        Assert.Equal(["conv", .. network.Layers.Skip(2).Select(layer => layer.Name)], folded.Layers.Select(layer => layer.Name));
        Assert.Equal(ActivationKind.Relu, folded.ActivationOf(folded.Layers[0]));
        // Factors 2/√4 = 1 and 3/√9 = 1; biases (0-1)*1+0.5 and (0-2)*1-0.5.
        Assert.Equal([1, 2, 3, 4, 5, 6], values["conv.weight"].Data.Select(value => Math.Round(value, 5)));
        Assert.Equal([-0.5, -2.5], values["conv.bias"].Data.Select(value => Math.Round(value, 5)));
        Assert.DoesNotContain("norm.weight", values.Names);
    }

    [Fact]
    public void Fold_WhereOthersTakeTheValueToo_LeavesItAlone()
    {
        var network = Some.Network(Some.Headed(
            new(4, 4, 3),
            new Conv2dLayer { Name = "conv", Filters = 2 },
            new BatchNormalizationLayer { Name = "norm" },
            new AddLayer { Name = "sum", Inputs = ["conv", "norm"] }));
        var weights = Head(network);
        foreach (var (name, shape) in new[] { ("conv.weight", new[] { 2, 3, 3, 3 }), ("conv.bias", [2]), ("norm.weight", [2]),
            ("norm.bias", [2]), ("norm.running_mean", [2]), ("norm.running_var", [2]) })
        {
            weights.Add(name, new(shape, new float[shape.Aggregate(1, (product, size) => product * size)]));
        }

        var (folded, values) = BatchNormalizationFolding.Fold(network, weights);

        Assert.Equal(network.Layers.Select(layer => layer.Name), folded.Layers.Select(layer => layer.Name));
        Assert.Equal(weights.Names.Order(StringComparer.Ordinal), values.Names.Order(StringComparer.Ordinal));
    }

    private static NamedWeights Head(ResolvedNetwork network)
    {
        var weights = new NamedWeights();
        var head = network.Output;
        weights.Add($"{head.Name}.weight",
            new([head.OutputShape.Channels, (int)head.InputShapes[0].Elements],
                new float[head.OutputShape.Channels * head.InputShapes[0].Elements]));
        weights.Add($"{head.Name}.bias", new([head.OutputShape.Channels], new float[head.OutputShape.Channels]));
        return weights;
    }
}
