using CnnService.Core.Architecture;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Which networks have features to measure familiarity by, and how many images are read for it.</summary>
public sealed class VersionFamiliarityTests
{
    [Theory]
    [InlineData("article-cnn", true)] // A dense layer of 128 before the last.
    [InlineData("article-cnn-bn", true)] // Maps, averaged, before it.
    [InlineData("squeezenet1.1", true)] // Maps of 512 before a convolution whose maps are averaged to the classes.
    [InlineData("resnet18", true)]
    [InlineData("vgg16", false)] // Dense layers of 4096: the measure would be larger than it is worth.
    public void Fits_OfAPreset_IsTrueWhereItsClassifierIsGivenFewFeatures(string preset, bool expected) =>
        Assert.Equal(expected, VersionFamiliarity.Fits(Some.Preset(preset, classes: 3)));

    [Fact]
    public void Fits_OfAClassifierOnTheImageItself_IsFalse() =>
        Assert.False(VersionFamiliarity.Fits(Some.Network(
            new Conv2dLayer { Name = "conv", Filters = 2, KernelSize = new(1, 1) }, new GlobalAveragePooling2dLayer { Name = "pool" })));

    [Theory]
    [InlineData("article-cnn", 100, 100)]
    [InlineData("lenet5", 1_000_000, 4096)]
    [InlineData("vgg16", 1_000_000, 512)]
    public void Count_OfASplit_GoesByTheWorkOfTheNetwork(string preset, int images, int expected) =>
        Assert.Equal(expected, VersionFamiliarity.Count(Some.Preset(preset, classes: 3), images));
}
