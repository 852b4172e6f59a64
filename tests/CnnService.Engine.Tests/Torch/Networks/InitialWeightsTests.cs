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
