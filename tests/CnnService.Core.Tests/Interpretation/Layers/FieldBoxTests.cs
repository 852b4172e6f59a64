using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Layers;

public sealed class FieldBoxTests
{
    /// <summary>A 3x3 "same" convolution sees one pixel round about; pooling by two joins two such boxes, the next convolution three
    /// of those.</summary>
    [Theory]
    [InlineData("conv_1", 0, 0, -1, -1, 3)]
    [InlineData("conv_1", 5, 7, 6, 4, 3)]
    [InlineData("pool", 0, 0, -1, -1, 4)]
    [InlineData("pool", 3, 2, 3, 5, 4)]
    [InlineData("conv_2", 0, 0, -3, -3, 8)]
    [InlineData("conv_2", 4, 6, 9, 5, 8)]
    public void Of_CellsOfStackedLayers_AreWhereHandCountingPutsThem(string layer, int y, int x, int left, int top, int side)
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "conv_1", Filters = 2, Padding = Padding2.Same },
            new MaxPooling2dLayer { Name = "pool" },
            new Conv2dLayer { Name = "conv_2", Filters = 2, Padding = Padding2.Same },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        Assert.Equal(new FieldBox(left, top, side, side), FieldBox.Compute(network.Find(layer)!, network.Spec.Input, y, x));
        var input = network.Spec.Input;
        Assert.Equal(new FieldBox(0, 0, input.Width, input.Height), FieldBox.Compute(network.Find("output")!, input, 0, 0));
    }

    /// <summary>The field with a quarter around it, moved into the image rather than beyond it.</summary>
    [Theory]
    [InlineData(10, 10, 8, 8, 8, 8, 12)]
    [InlineData(-2, 30, 8, 8, 0, 28, 12)]
    [InlineData(-10, -10, 60, 60, 0, 0, 40)] // Larger than the image: all of it.
    public void Larger_Field_StaysWithinTheImage(int left, int top, int width, int height, int fromX, int fromY, int side) => Assert.Equal(
        new FieldBox(fromX, fromY, side, side), new ExampleBlock(new(40, 40, 1), new(left, top, width, height), 144).Larger());

    [Fact]
    public void Draw_FieldBeyondTheImage_ShowsOnlyWhatIsThere()
    {
        var image = new PixelBuffer(4, 4, 1, [.. Enumerable.Range(0, 16).Select(i => (byte)(10 * (i % 4)))]);

        var scene = Laid.Out(new Figure
        {
            Title = "t",
            Description = "d",
            IsBare = true,
            Content = new ExampleBlock(image, new(-1, -1, 6, 6), 144),
        });

        Assert.Equal(image.Data, Assert.Single(scene.All<ImageShape>()).Image.Data);
        var frame = Assert.Single(scene.All<RectangleShape>(), box => box.Line.IsOf(Ink.Frame));
        Assert.Equal((1, 1, 142, 142), (frame.X, frame.Y, frame.Width, frame.Height));
    }
}
