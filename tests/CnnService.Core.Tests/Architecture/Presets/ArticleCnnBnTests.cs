using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture.Presets;

public sealed class ArticleCnnBnTests
{
    [Fact]
    public void Create_ForTwoClasses_HasTheParametersCountedByHand()
    {
        // 3x3 convolutions without biases, two numbers a channel for each normalization, one sigmoid.
        int[] channels = [3, 32, 48, 48, 48, 96, 96, 96, 192, 192, 192];
        var convolutions = Enumerable.Range(1, 10).Sum(i => (9 * channels[i - 1] * channels[i]) + (2 * channels[i]));

        Assert.Equal(convolutions + 192 + 1, Network(128).Layers.Sum(layer => layer.Parameters));
    }

    [Theory]
    [InlineData(128, 32, 8)]
    [InlineData(96, 24, 6)]
    [InlineData(95, 47, 12)]
    [InlineData(28, 14, 4)]
    [InlineData(8, 4, 1)]
    public void Create_ForASide_HalvesLargeImagesOnceMore(int side, int first, int last)
    {
        var network = Network(side);

        Assert.Equal((first, last), (network.Find("maxpool")!.OutputShape.Height, network.Find("add_4")!.OutputShape.Height));
    }

    private static ResolvedNetwork Network(int side)
    {
        Assert.True(PresetCatalog.TryFind("article-cnn-bn", out var preset));
        return NetworkSpecValidator.Resolve(preset.Create(2, new(side, side, 3)), 2, new ValidationErrors())!;
    }
}
