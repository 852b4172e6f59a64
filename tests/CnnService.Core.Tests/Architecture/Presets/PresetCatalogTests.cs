using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;

namespace CnnService.Core.Tests.Architecture.Presets;

public sealed class PresetCatalogTests
{
    public static TheoryData<string> Names => [.. PresetCatalog.Names];

    // Parameters and multiply-adds of torchvision 0.14 (counted by hooks on its modules); LeNet-5 counted by hand:
    // 156 + 2416 + 48120 + 10164 + 850, and 150*784 + 2400*100 + 400*120 + 120*84 + 840.
    [Theory]
    [InlineData("vgg11", 132_863_336, 7_609_090_048)]
    [InlineData("vgg16", 138_357_544, 15_470_264_320)]
    [InlineData("squeezenet1.1", 1_235_496, 349_151_936)]
    [InlineData("resnet18", 11_689_512, 1_814_073_344)]
    [InlineData("lenet5", 61_706, 416_520)]
    public void Totals_AtTheDefaults_AreThePublishedOnes(string name, long parameters, long multiplyAdds)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));

        var totals = ArchitectureSummary.Create(Some.Preset(name, preset.DefaultClasses)).Totals;

        Assert.Equal((parameters, multiplyAdds), (totals.Parameters, totals.MultiplyAdds));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_TwoTenAndAThousandClasses_Resolves(string name)
    {
        foreach (var classes in new[] { 2, 10, 1000 })
        {
            var network = Some.Preset(name, classes);
            Assert.Contains(network.Outputs, classes == 2 ? [1, 2] : new[] { classes });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_EveryLayer_HasAGivenName(string name)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));

        Assert.All(preset.Create(2).Layers, layer => Assert.NotNull(layer.Name));
    }

    [Fact]
    public void Vgg16_WithoutItsTop_HasThePublishedParameters() => Assert.Equal(
        14_714_688,
        Some.Preset("vgg16", 1000).Layers.Where(layer => layer.Name.StartsWith("block", StringComparison.Ordinal))
        .Sum(layer => layer.Parameters));

    [Fact]
    public void Vgg16_ReceptiveFields_AreThePublishedOnes()
    {
        var network = Some.Preset("vgg16", 1000);
        var convolutions = network.Layers.Where(layer => layer.Spec is Conv2dLayer).Select(layer => layer.Field!.Size.Width);

        Assert.Equal([3, 5, 10, 14, 24, 32, 40, 60, 76, 92, 132, 164, 196], convolutions);
        Assert.Equal(new Size2(212, 212), network.Find("block5_pool")!.Field!.Size);
        Assert.Equal(new Size2(32, 32), network.Find("block5_pool")!.Field!.Jump);
        Assert.Null(network.Find("fc1")!.Field);
    }

    [Fact]
    public void SqueezeNet_TwoClasses_HasTwoOutputs() => Assert.Equal(2, Some.Preset("squeezenet1.1", 2).Outputs);

    [Fact]
    public void ResNet18_LastStage_GivesAMapOfSevenBySeven() =>
        Assert.Equal(TensorShape.Map(512, 7, 7), Some.Preset("resnet18", 1000).Find("layer4.1.add")!.OutputShape);

    [Fact]
    public void TryFind_UnknownName_IsFalse() => Assert.False(PresetCatalog.TryFind("alexnet", out _));
}
