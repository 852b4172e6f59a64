using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Drawing.Networks;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Drawing.Networks;

public sealed class NetworkDrawingTests
{
    public static TheoryData<string> Presets => [.. PresetCatalog.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Create_EveryPreset_FitsAScreen(string name)
    {
        PresetCatalog.TryFind(name, out var preset);
        var scene = Laid.Out(NetworkDrawing.Create(Some.Preset(name, preset!.DefaultClasses), name));

        Assert.InRange(scene.Width, 400, 1250);
        Assert.InRange(scene.Height, 200, 2000);
    }

    [Fact]
    public void Create_Chain_FrontsAreAsHighAsTheirMapsAndAsWideAsTheirChannels()
    {
        var network = Some.Network(Some.Headed(
            new(64, 64, 3),
            new Conv2dLayer { Name = "a", Filters = 7, KernelSize = new(1, 1) },
            new MaxPooling2dLayer { Name = "p" },
            new Conv2dLayer { Name = "b", Filters = 63, KernelSize = new(1, 1) }));

        var fronts = Laid.Out(NetworkDrawing.Create(network, "n")).All<RectangleShape>()
            .Where(box => box.Fill.IsOf(Ink.Series1) && box.Height > 20).Select(box => (box.Width, box.Height));

        // 4 pixels and 5 a doubling of 1 + channels; 8 pixels and 124 times (rows / rows of the image)^0.6.
        Assert.Equal([(4 + (5 * 3), 132), (4 + (5 * 6), 8 + Math.Round(124 * Math.Pow(0.5, 0.6)))], fronts);
    }

    [Fact]
    public void Create_Residual_HasALineRoundTheLayerItPasses()
    {
        var network = Some.Network(Some.Headed(
            Some.Image,
            new Conv2dLayer { Name = "a", Filters = 3, KernelSize = new(1, 1) },
            new Conv2dLayer { Name = "b", Filters = 3, KernelSize = new(1, 1) },
            new AddLayer { Name = "sum", Inputs = ["a", "b"] }));

        var scene = Laid.Out(NetworkDrawing.Create(network, "branch"));

        var around = Assert.Single(scene.All<PathShape>(), path => path.Line.IsOf(Ink.Series5));
        var (b, sum) = (scene.Text("b"), scene.Text("sum"));
        Assert.All(new[] { around.Points[2], around.Points[3] }, point => Assert.True(point.X < b.X));
        Assert.InRange(around.Points[^1].Y, sum.Y - 20, sum.Y + 40);
    }

    [Fact]
    public void Create_Branches_StandBesideEachOther()
    {
        var network = Some.Network(Some.Headed(
            Some.Image,
            new Conv2dLayer { Name = "squeeze", Filters = 3, KernelSize = new(1, 1) },
            new Conv2dLayer { Name = "left", Filters = 3, KernelSize = new(1, 1), Inputs = ["squeeze"] },
            new Conv2dLayer { Name = "right", Filters = 3, KernelSize = new(1, 1), Inputs = ["squeeze"] },
            new ConcatenateLayer { Name = "both", Inputs = ["left", "right"] }));

        var scene = Laid.Out(NetworkDrawing.Create(network, "fire"));

        Assert.Equal(scene.Text("left").Y, scene.Text("right").Y);
        Assert.True(scene.Text("left").X < scene.Text("right").X);
        Assert.True(scene.Text("squeeze").Y < scene.Text("left").Y && scene.Text("right").Y < scene.Text("both").Y);
    }

    [Fact]
    public void Create_LongChainOfEqualLayers_IsFoldedAndSaysHowOften()
    {
        LayerSpec[] layers = [.. Enumerable.Range(0, 150).Select(i => new Conv2dLayer
        {
            Name = $"conv_{i}",
            Filters = 3,
            KernelSize = new(1, 1),
        })];

        var scene = Laid.Out(NetworkDrawing.Create(Some.Network(Some.Headed(Some.Image, layers)), "long"));

        Assert.Contains(scene.Texts(), text => text.StartsWith("150 times, up to conv_149", StringComparison.Ordinal)
            || text.StartsWith("149 times, up to conv_149", StringComparison.Ordinal));
        Assert.InRange(scene.Width, 300, 1200);
    }

    [Fact]
    public void Create_LongChainOfDifferentLayers_StandsInColumns()
    {
        LayerSpec[] layers = [.. Enumerable.Range(0, 150).Select(i => new Conv2dLayer
        {
            Name = $"conv_{i}",
            Filters = 1 + i,
            KernelSize = new(1, 1),
        })];

        var scene = Laid.Out(NetworkDrawing.Create(Some.Network(Some.Headed(Some.Image, layers)), "long"));

        Assert.InRange(scene.Width, 600, 1250);
        Assert.InRange(scene.Height, 600, 2500);
        Assert.All(layers, layer => Assert.Contains(layer.Name, scene.Texts()));
    }

    [Fact]
    public void Create_MoreLayersThanCanBeLookedAt_IsRefused()
    {
        LayerSpec[] layers = [.. Enumerable.Range(0, NetworkDrawing.MaxLayers).Select(i => new ActivationLayer { Name = $"a{i}" })];
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkDrawing.Create(Some.Network(Some.Headed(Some.Image, layers)), "n"));
    }

    [Fact]
    public void Fold_NormalizationAndActivation_GoWithTheirLayer()
    {
        var network = Some.Network(Some.Headed(
            Some.Image,
            new Conv2dLayer { Name = "a", Filters = 3, KernelSize = new(1, 1) },
            new BatchNormalizationLayer { Name = "n" },
            new ActivationLayer { Name = "r", Activation = ActivationKind.Relu }));

        var node = NetworkNode.Fold(network)[1];

        Assert.Equal(["a", "n", "r"], node.Layers.Select(layer => layer.Name));
        Assert.IsType<Conv2dLayer>(node.Main);
    }

    [Theory]
    [InlineData("conv 7x7/2", 7, 2, ActivationKind.Linear)]
    [InlineData("conv 3x3 leakyRelu", 3, 1, ActivationKind.LeakyRelu)]
    public void Kind_Convolution_TellsKernelStrideAndActivation(string text, int kernel, int stride, ActivationKind activation) =>
    Assert.Equal(
        text, LayerText.Kind(new Conv2dLayer { KernelSize = new(kernel, kernel), Strides = new(stride, stride), Activation = activation }));
}
