using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation.ReceptiveFields;

public sealed class ReceptiveFieldFiguresTests
{
    /// <summary>As published: Araujo, Norris and Sim's table for VGG-16, and hand counting for the article's network.</summary>
    [Theory]
    [InlineData("vgg16", new[] { 3, 5, 10, 14, 24, 32, 40, 60, 76, 92, 132, 164, 196 }, new[] { 6, 16, 44, 100, 212 },
        new[] { 2, 4, 8, 16, 32 })]
    [InlineData("article-cnn", new[] { 3, 8, 18, 38 }, new[] { 4, 10, 22, 46 }, new[] { 2, 4, 8, 16 })]
    public void Of_KnownNetworks_HasTheKnownFields(string preset, int[] convolutions, int[] poolings, int[] jumps)
    {
        var network = Some.Preset(preset, 2);
        int[] Sizes<T>() => [.. network.Layers.Where(layer => layer.Spec is T).Select(layer => Of(network, layer.Name).Size[0])];

        Assert.Equal(convolutions, Sizes<Conv2dLayer>());
        Assert.Equal(poolings, Sizes<MaxPooling2dLayer>());
        Assert.Equal(jumps,
            network.Layers.Where(layer => layer.Spec is MaxPooling2dLayer).Select(layer => Of(network, layer.Name).Jump![1]));
    }

    /// <summary>conv_2 sees 8 pixels, two apart, the first cell centred at 1: cell (0, 0) covers -3 to 4.</summary>
    [Fact]
    public void Of_ACellAtTheBorder_TellsTrueSizeAndWhatIsInside()
    {
        var network = Some.Preset("article-cnn", 2);

        var figures = Of(network, "conv_2", (0, 3));

        Assert.Equal(new FieldBox(3, -3, 8, 8), figures.Box);
        Assert.Equal(new FieldBox(3, 0, 8, 5), figures.Inside);
        Assert.Equal(5 / 8.0, figures.ShareInside);
        Assert.Equal(40.0 / (150 * 150), figures.ShareSeen);
        Assert.Equal([1.0, 1.0], figures.Start!);
        Assert.False(figures.IsWholeImage);
    }

    [Fact]
    public void Of_NoCell_IsTheMiddleOfTheMap() => Assert.Equal([37, 37], Of(Some.Preset("article-cnn", 2), "conv_2").Cell);

    [Fact]
    public void Of_ADenseLayer_IsTheWholeImage()
    {
        var network = Some.Preset("article-cnn", 2);

        var figures = Of(network, network.Output.Name);

        Assert.True(figures.IsWholeImage);
        Assert.Equal((new(0, 0, 150, 150), 1.0, null), (figures.Box, figures.ShareSeen, figures.Jump));
    }

    [Theory]
    [InlineData(75, 0)]
    [InlineData(0, 75)]
    public void Of_ACellBeyondTheMap_IsRefused(int y, int x)
    {
        var problem = ReceptiveFieldPlan.Create(Model(Some.Preset("article-cnn", 2)), "conv_2", new((y, x))).Problem;
        Assert.Contains("rows 0 to 74", problem!.Errors["cell"][0], StringComparison.Ordinal);
    }

    /// <summary>Pixels inside the box are those of the image; outside it is darker; the frame is along the box.</summary>
    [Fact]
    public void Draw_OverAnImage_LeavesTheBoxAndDimsTheRest()
    {
        var white = new Core.Common.PixelBuffer(150, 150, 3);
        Array.Fill(white.Data, (byte)255);
        var figures = Of(Some.Preset("article-cnn", 2), "conv_3", (18, 18));

        var drawn = ReceptiveFieldImage.Draw(figures, white);

        var (left, top) = ((drawn.Width - 450) / 2, drawn.Height - 12 - 450); // At three times its size.
        byte[] At(int x, int y) => drawn.Pixel(left + (3 * x), top + (3 * y)).ToArray();
        var box = figures.Box;
        Assert.Equal(new FieldBox(65, 65, 18, 18), box);
        Assert.Equal([255, 255, 255], At(box.Left + 3, box.Top + 4));
        Assert.True(At(box.Left - 2, box.Top + 4)[0] < 160);
        Assert.True(At(box.Left + box.Width + 1, box.Top + 4)[0] < 160);
        Assert.Equal([0xF0, 0xE4, 0x42], At(box.Left, box.Top + 4));
    }

    [Fact]
    public void Tag_DependsOnCellAndImage()
    {
        var model = Model(Some.Preset("article-cnn", 2));
        var (one, other) = (Of(model, "conv_1", (0, 0)), Of(model, "conv_1", (0, 1)));
        var image = new Core.Common.PixelBuffer(150, 150, 3);

        Assert.Equal(3,
            new[] { ReceptiveFieldImage.Tag(model, one, null), ReceptiveFieldImage.Tag(model, other, null),
                ReceptiveFieldImage.Tag(model, one, image) }.Distinct().Count());
        Assert.Equal(ReceptiveFieldImage.Tag(model, one, image), ReceptiveFieldImage.Tag(model, one, image));
    }

    private static ReceptiveFieldFigures Of(ResolvedNetwork network, string layer, (int Y, int X)? cell = null) =>
        Of(Model(network), layer, cell);

    private static ReceptiveFieldFigures Of(LoadedModel model, string layer, (int Y, int X)? cell) =>
        ReceptiveFieldFigures.Compute(ReceptiveFieldPlan.Create(model, layer, new(cell)).Value);

    private static LoadedModel Model(ResolvedNetwork network) => SomeModel.Create() with { Network = network };
}
