using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Kernels;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Kernels;

public sealed class KernelImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draw_OfAColorFilter_ShowsEachWeightAsASquareOfItsColor()
    {
        // Filter 0: red rises to the right. Filter 1: nothing. Largest magnitude of the layer: 2.
        var model = Model(ChannelOrder.Rgb, [2, 3, 1, 2], [-1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);

        var shape = Assert.Single(Laid.Out(Draw(model, "conv", 0, new()).Value.Figure).All<ImageShape>());

        Assert.Equal((2, 1, false), (shape.Image.Width, shape.Image.Height, shape.IsSmooth));
        Assert.True(shape.Width >= 128);
        Assert.Equal([64, 128, 128], shape.Image.Pixel(0, 0).ToArray()); // 128 -+ 127/2, rounded to the even
        Assert.Equal([192, 128, 128], shape.Image.Pixel(1, 0).ToArray());
    }

    [Fact]
    public void Draw_OfAFilterWithoutWeights_IsGrey()
    {
        var image = Assert.Single(Draw(Model(ChannelOrder.Rgb, [1, 3, 1, 1], [0, 0, 0]), "conv", 0, new()).Value.Images());

        Assert.All(image.Data, value => Assert.Equal(128, value));
    }

    [Fact]
    public void Draw_OfANetworkThatTakesBlueFirst_ShowsTheTrueColors()
    {
        var image = Assert.Single(Draw(Model(ChannelOrder.Bgr, [1, 3, 1, 1], [0, 0, 1]), "conv", 0, new()).Value.Images());

        Assert.Equal([255, 128, 128], image.Pixel(0, 0).ToArray());
    }

    /// <summary>Red of the file's flipped image is blue of the image.</summary>
    [Theory]
    [InlineData(ChannelOrder.Rgb, new byte[] { 128, 128, 255 })]
    [InlineData(ChannelOrder.Bgr, new byte[] { 255, 128, 128 })]
    public void Draw_BehindAFlipOfTheImage_ShowsTheTrueColors(ChannelOrder order, byte[] color)
    {
        var flip = new SelectChannelsLayer { Name = "flip", Channels = [2, 1, 0] };

        var image = Assert.Single(Draw(Model(order, [1, 3, 1, 1], [1, 0, 0], flip), "conv", 0, new()).Value.Images());

        Assert.Equal(color, image.Pixel(0, 0).ToArray());
    }

    [Fact]
    public void Draw_ScaledByFilter_GivesEachItsOwnLargest()
    {
        var model = Model(ChannelOrder.Rgb, [2, 3, 1, 1], [1, 0, 0, 0, 0, 4]);

        var image = Assert.Single(Draw(model, "conv", 0, new(ScaleByFilter: true)).Value.Images());

        Assert.Equal([255, 128, 128], image.Pixel(0, 0).ToArray());
    }

    [Fact]
    public void Draw_Grid_NamesEachFilter()
    {
        var model = Model(ChannelOrder.Rgb, [2, 3, 1, 1], [1, 0, 0, 0, 0, -4]);
        var plan = KernelPlan.Create(model, "conv", 0, 2, new()).Value;

        var scene = Laid.Out(KernelPipeline.Render(plan).Value.Figure);

        Assert.Equal(2, scene.Texts().Count(text => text.StartsWith("filter ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("output", 0, "layer.no-kernels")]
    [InlineData("conv", 9, "filter.not-found")]
    [InlineData("nope", 0, "layer.not-found")]
    public void Draw_OfWhatHasNoKernel_SaysSo(string layer, int filter, string code) =>
        Assert.Equal(code, Draw(Model(ChannelOrder.Rgb, [1, 3, 1, 1], [0, 0, 0]), layer, filter, new()).Problem?.Code);

    private static Outcome<DrawnFigure> Draw(LoadedModel model, string layer, int filter, KernelRequest request) =>
        KernelPlan.Create(model, layer, filter, null, request).Bind(KernelPipeline.Render);

    private LoadedModel Model(ChannelOrder order, int[] shape, float[] values, params LayerSpec[] before)
    {
        var network = Some.Network(
            [.. before,
            new Conv2dLayer { Name = "conv", Filters = shape[0], KernelSize = new(shape[2], shape[3]) },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" }]);
        var weights = new NamedWeights();
        weights.Add("conv.weight", new(shape, values));
        using (var file = File.Create(_folder[ModelPackage.WeightsFile]))
        {
            SafetensorsFile.Write(file, weights);
        }

        var some = SomeModel.Create();
        return some with
        {
            Folder = _folder.Root,
            Network = network,
            Manifest = some.Manifest with { Preprocessing = some.Manifest.Preprocessing with { ChannelOrder = order } },
        };
    }
}
