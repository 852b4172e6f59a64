using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Torch.Networks;

namespace CnnService.Engine.Tests.Torch.Networks;

public sealed class InitialWeightsTests
{
    [Fact]
    public void Create_Article_IsGlorotUniformWithZeroBiases()
    {
        var weights = InitialWeights.Create(Article(), seed: 1);

        // conv_2: 3x3 cells, 32 inputs, 64 outputs.
        var limit = Math.Sqrt(6.0 / (9 * (32 + 64)));
        var kernel = weights["conv_2.weight"].Data;
        Assert.All(kernel, value => Assert.InRange(value, -limit, limit));
        Assert.InRange(kernel.Average(value => (double)value * value), 0.95 * limit * limit / 3, 1.05 * limit * limit / 3);
        Assert.InRange(kernel.Average(value => (double)value), -0.03 * limit, 0.03 * limit);
        Assert.All(weights["conv_2.bias"].Data, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(InitializerKind.GlorotUniform, 2.0 / (9 * (3 + 400)))]
    [InlineData(InitializerKind.GlorotNormal, 2.0 / (9 * (3 + 400)))]
    [InlineData(InitializerKind.HeUniform, 2.0 / (9 * 3))]
    [InlineData(InitializerKind.HeNormal, 2.0 / (9 * 3))]
    public void Create_AnInitializer_HasItsVarianceAndItsEnds(InitializerKind kind, double variance)
    {
        var network = NetworkSpecValidator.Resolve(
            new(new(8, 8, 3), [new Conv2dLayer
            {
                Name = "conv",
                Filters = 400,
                KernelInitializer = kind,
            }, new FlattenLayer(), new DenseLayer()]),
            2, new ValidationErrors())!;

        var kernel = InitialWeights.Create(network, seed: 1)["conv.weight"].Data;

        // 10,800 draws: a variance within 5 % is about three standard errors of the widest of the four.
        Assert.InRange(kernel.Average(value => (double)value * value), 0.95 * variance, 1.05 * variance);
        var end = kind is InitializerKind.GlorotUniform or InitializerKind.HeUniform
            ? Math.Sqrt(3 * variance)
            : 2 * Math.Sqrt(variance) / 0.8796256610342398;
        Assert.InRange(kernel.Max(Math.Abs), 0.97 * end, end * 1.000001);
    }

    [Fact]
    public void Create_SameSeed_GivesSameWeights_OtherSeedOthers()
    {
        var first = InitialWeights.Create(Article(), seed: 1)["output.weight"].Data;
        Assert.Equal(first, InitialWeights.Create(Article(), seed: 1)["output.weight"].Data);
        Assert.NotEqual(first, InitialWeights.Create(Article(), seed: 2)["output.weight"].Data);
    }

    private static ResolvedNetwork Article() => NetworkSpecValidator.Resolve(
        PresetCatalog.All.First(preset => preset.Name == "article-cnn").Create(2, new(32, 32, 3)), 2, new ValidationErrors())!;
}
