using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.Layers;

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

    /// <summary>A box that reaches beyond the image shows its mirror image: column -1 is column 1, column 4 of four is column 2.</summary>
    [Fact]
    public void Crop_BeyondTheImage_IsMirrored()
    {
        var image = new PixelBuffer(4, 4, 1);
        for (var i = 0; i < 16; i++)
        {
            image.Data[i] = (byte)(10 * (i % 4));
        }

        // The box with a quarter of surroundings spans columns -3 to 7, in 112 pixels: 11.2 each; the middle of column c is at 11.2 * (c +
        // 3.5).
        var tile = ExampleImage.Crop(image, new FieldBox(-1, -1, 6, 6));
        int Level(double column) => tile.Data[((56 * tile.Width) + (int)((column + 2.5 + 0.5) * 112 / 9)) * 3];

        Assert.Equal((20, 10, 0, 10, 20, 30, 20, 10), (Level(-2), Level(-1), Level(0), Level(1), Level(2), Level(3), Level(4), Level(5)));
    }
}
