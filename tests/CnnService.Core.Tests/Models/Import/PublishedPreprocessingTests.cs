using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class PublishedPreprocessingTests
{
    [Theory]
    [InlineData(WeightConvention.PyTorch, "vgg11", 3, NormalizationKind.Imagenet)]
    [InlineData(WeightConvention.PyTorch, "vgg16", 3, NormalizationKind.Imagenet)]
    [InlineData(WeightConvention.PyTorch, "resnet18", 3, NormalizationKind.Imagenet)]
    [InlineData(WeightConvention.PyTorch, "squeezenet1.1", 3, NormalizationKind.Imagenet)]
    [InlineData(WeightConvention.Keras, "vgg16", 3, NormalizationKind.Caffe)]
    [InlineData(WeightConvention.Keras, "resnet18", 3, null)]
    [InlineData(WeightConvention.Own, "vgg16", 3, null)]
    [InlineData(WeightConvention.PyTorch, "lenet5", 1, null)]
    [InlineData(WeightConvention.PyTorch, "vgg16", 1, null)]
    [InlineData(WeightConvention.PyTorch, null, 3, null)]
    public void Of_PresetAndConvention_IsTheUsualOne(
        WeightConvention convention, string? preset, int channels, NormalizationKind? expected) =>
        Assert.Equal(expected, PublishedPreprocessing.Find(convention, preset, channels));

    [Fact]
    public void Choose_KerasVgg16_IsBlueFirstMinusTheMean()
    {
        var weights = SomeWeights.Import(SomeWeights.File(("block1_conv1/kernel:0", SomeWeights.Tensor(1, 3, 3, 3, 64))),
            Some.Preset("vgg16", 1000));

        var chosen = PublishedPreprocessing.Choose(null, weights);

        Assert.NotNull(chosen);
        Assert.Equal((ChannelOrder.Bgr, 1.0), (chosen.ChannelOrder, chosen.Scale));
        Assert.Equal([103.939, 116.779, 123.68], chosen.Mean);
    }

    [Fact]
    public void Choose_TorchvisionVgg16_IsRedFirstByMeanAndDeviation()
    {
        var weights = SomeWeights.Import(SomeWeights.File(("features.0.weight", SomeWeights.Tensor(1, 64, 3, 3, 3))),
            Some.Preset("vgg16", 1000));

        var chosen = PublishedPreprocessing.Choose(null, weights);

        Assert.NotNull(chosen);
        Assert.Equal((ChannelOrder.Rgb, 1 / 255.0), (chosen.ChannelOrder, chosen.Scale));
        Assert.Equal([0.485, 0.456, 0.406], chosen.Mean);
        Assert.Equal([0.229, 0.224, 0.225], chosen.Std);
    }

    [Fact]
    public void Choose_Wanted_Wins()
    {
        var weights = SomeWeights.Import(new(), Some.Preset("vgg16", 1000));
        var wanted = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);

        Assert.Same(wanted, PublishedPreprocessing.Choose(wanted, weights));
        Assert.Null(PublishedPreprocessing.Choose(null, SomeWeights.Import(new(), Some.Preset("article-cnn", 2))));
    }
}
