using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;

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

    /// <summary>Everything outside of the box is dimmed, nothing within; the frame is along the box.</summary>
    [Fact]
    public void Draw_OverAnImage_LeavesTheBoxAndDimsTheRest()
    {
        var figures = Of(Some.Preset("article-cnn", 2), "conv_3", (18, 18));

        var scene = Laid.Out(ReceptiveFieldImage.Draw(figures, new(150, 150, 3), "tag").Figure);

        Assert.Equal(new FieldBox(65, 65, 18, 18), figures.Box);
        var image = Assert.Single(scene.All<ImageShape>());
        var scale = image.Width / 150;
        bool IsDimmed(double x, double y) => scene.All<RectangleShape>().Any(box =>
            box.X <= image.X + (x * scale) && image.X + (x * scale) < box.X + box.Width
            && box.Y <= image.Y + (y * scale) && image.Y + (y * scale) < box.Y + box.Height);
        Assert.All(new (double, double)[] { (65.5, 65.5), (82.5, 82.5), (70, 80) }, at => Assert.False(IsDimmed(at.Item1, at.Item2)));
        Assert.All(new (double, double)[] { (64.5, 70), (83.5, 70), (70, 64.5), (70, 83.5), (1, 1), (149, 149) },
            at => Assert.True(IsDimmed(at.Item1, at.Item2)));
        var frame = scene.All<PathShape>().SelectMany(line => line.Points).ToArray();
        Assert.Contains(frame, point => Math.Abs(point.X - image.X - (65 * scale)) < 1e-6);
        Assert.Contains(frame, point => Math.Abs(point.Y - image.Y - (83 * scale)) < 1e-6);
        Assert.StartsWith("A cell of conv_3 sees 18 × 18 of 150 × 150 pixels", scene.Title, StringComparison.Ordinal);
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
