using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Onnx.Serving;
using CnnService.Onnx.Gradients;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Gradients;

[Collection(NativeMemorySuite.Name)]
public sealed class EffectiveFieldTests : IDisposable
{
    private const int Side = 13;

    private readonly ClassGradients _gradients = new(Options.Create(new ServingOptions()));

    public void Dispose() => _gradients.Dispose();

    /// <summary>Of two kernels of ones each pixel counts as often as there are ways from it to the cell: 1, 2, 3, 2, 1 in
    /// each direction.</summary>
    [Fact]
    public async Task Measure_OfKernelsOfOnes_CountsTheWays()
    {
        var network = Network(new Conv2dLayer
        {
            Name = "a",
            Filters = 2,
            KernelSize = new(3, 3),
            Padding = Padding2.Same,
        }, new Conv2dLayer { Name = "b", Filters = 3, KernelSize = new(3, 3), Padding = Padding2.Same });
        using var model = new TemporaryModel(network, weights: Ones(network));

        var field = await MeasureAsync(model, "b", (6, 4));

        double[] ways = [1, 2, 3, 2, 1];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var expected = Math.Abs(y - 6) <= 2 && Math.Abs(x - 4) <= 2 ? ways[y - 4] * ways[x - 2] / 81 : 0;
                Assert.Equal(expected, field.Weights[(y * Side) + x], 1e-6);
            }
        }

        Assert.Equal([5, 5], field.Size);
        Assert.Equal(1, field.ShareInBox);
        Assert.Equal(ReceptiveFieldPipeline.Images, field.Images);
    }

    /// <summary>Whatever the weights: nothing outside the box that the windows give moves the cell.</summary>
    [Fact]
    public async Task Measure_OfPooledRandomKernels_LiesInTheBox()
    {
        var network = Network(
            new Conv2dLayer { Name = "a", Filters = 4, KernelSize = new(3, 3), Activation = ActivationKind.Relu },
            new MaxPooling2dLayer { Name = "pool" },
            new Conv2dLayer { Name = "b", Filters = 4, KernelSize = new(2, 2) });
        using var model = new TemporaryModel(network, seed: 5);

        var field = await MeasureAsync(model, "b", (1, 2));

        Assert.Equal(1, field.ShareInBox);
        Assert.Equal(1, field.Weights.Sum(), 1e-5);
        Assert.All(field.Size, size => Assert.InRange(size, 3, 6)); // The box: kernel of 3, pooled by twos, twice.
    }

    [Fact]
    public async Task Measure_OfASilentLayer_IsNothing()
    {
        var network = Network(new Conv2dLayer { Name = "a", Filters = 2, KernelSize = new(3, 3), Activation = ActivationKind.Relu });
        var weights = Ones(network, name => name == "a.bias" ? -1e6f : 1);
        using var model = new TemporaryModel(network, weights: weights);

        var field = await MeasureAsync(model, "a", (5, 5));

        Assert.Equal([0, 0], field.Size);
        Assert.All(field.Weights, weight => Assert.Equal(0, weight));
    }

    private static ResolvedNetwork Network(params LayerSpec[] layers) =>
        Some.Network(2, new(Side, Side, 3), [.. layers, new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "head" }]);

    private static NamedWeights Ones(ResolvedNetwork network, Func<string, float>? value = null)
    {
        var weights = new NamedWeights();
        foreach (var (name, tensor) in Some.Weights(network, 1).All)
        {
            weights.Add(name,
                new(tensor.Shape,
                    [.. tensor.Data.Select(_ => value is null ? name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1 : value(name))]));
        }

        return weights;
    }

    private async Task<EffectiveField> MeasureAsync(TemporaryModel model, string layer, (int Y, int X) cell)
    {
        using var fields = new ReceptiveFieldPipeline(_gradients);
        var plan = ReceptiveFieldPlan.Create(model.Model, layer, new(cell, IsMeasured: true)).Value;
        return (await fields.ComputeAsync(plan, TestContext.Current.CancellationToken)).Value.Effective!;
    }
}
