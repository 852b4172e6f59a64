using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture.Presets;

public sealed class ArticleCnnTests
{
    private readonly ResolvedNetwork _network = Some.Preset("article-cnn", classes: 2);

    [Fact]
    public void Parameters_TwoClasses_AreTheArticles()
    {
        Assert.Equal(
            [896, 18_496, 73_856, 147_584, 5_308_928, 65_664, 129],
            _network.Layers.Select(layer => layer.Parameters).Where(count => count > 0));
        Assert.Equal(5_615_553, _network.Layers.Sum(layer => layer.Parameters));
    }

    [Fact]
    public void ReceptiveField_OfEachLayer_IsThePublishedOne()
    {
        Assert.Equal([3, 8, 18, 38], Fields("conv_").Select(field => field.Size.Height));
        Assert.Equal([1, 2, 4, 8], Fields("conv_").Select(field => field.Jump.Height));
        Assert.Equal([4, 10, 22, 46], Fields("maxpool_").Select(field => field.Size.Height));
        Assert.Equal([2, 4, 8, 16], Fields("maxpool_").Select(field => field.Jump.Height));
    }

    [Fact]
    public void MultiplyAdds_OfTheFirstConvolution_CountEveryCellOnce() =>
        Assert.Equal(3L * 3 * 3 * 32 * 150 * 150, _network.Find("conv_1")!.MultiplyAdds);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(10, 10)]
    public void Outputs_FollowTheClasses(int classes, int outputs) =>
        Assert.Equal(outputs, Some.Preset("article-cnn", classes).Outputs);

    [Fact]
    public void Resolve_ImageTooSmall_NamesThePoolingThatDoesNotFit()
    {
        Assert.True(PresetCatalog.TryFind("article-cnn", out var preset));
        var errors = new ValidationErrors();

        var network = NetworkSpecValidator.Resolve(preset.Create(2, new(15, 15, 3)), 2, errors);

        Assert.Null(network);
        Assert.Equal(
            ["must fit into its input of 1 by 1 cells (padding included), received a window of 2 by 2"],
            errors.ToDictionary()["architecture.layers[7].poolSize"]);
    }

    private IEnumerable<ReceptiveField> Fields(string prefix) =>
        _network.Layers.Where(layer => layer.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(layer => layer.Field!);
}
