using CnnService.Client;
using CnnService.Studio.Parts.Networks;

namespace CnnService.Studio.Tests.Parts.Networks;

public sealed class NetworkLayoutTests
{
    [Fact]
    public void Arrange_Chain_PutsActivationsIntoTheirLayer()
    {
        var blocks = NetworkLayout.Arrange(
        [
            Some.Layer("conv", "conv2d", [8, 4, 4], "input"),
            Some.Layer("norm", "batchNormalization", [8, 4, 4], "conv"),
            Some.Layer("relu", "activation", [8, 4, 4], "norm"),
            Some.Layer("pool", "maxPooling2d", [8, 2, 2], "relu"),
        ]);

        Assert.Equal(["conv", "pool"], blocks.Select(block => block.Main.Name));
        Assert.Equal(["conv", "norm", "relu"], blocks[0].Layers.Select(layer => layer.Name));
        Assert.Equal([(0, 0), (1, 0)], blocks.Select(block => (block.Column, block.Lane)));
        Assert.Equal([0], blocks[1].Inputs);
    }

    [Fact]
    public void Arrange_Branches_LieBelowEachOtherAndMeetAgain()
    {
        var blocks = NetworkLayout.Arrange(
        [
            Some.Layer("squeeze", "conv2d", [16, 8, 8], "input"),
            Some.Layer("left", "conv2d", [64, 8, 8], "squeeze"),
            Some.Layer("right", "conv2d", [64, 8, 8], "squeeze"),
            Some.Layer("concat", "concatenate", [128, 8, 8], "left", "right"),
        ]);

        Assert.Equal([(0, 0), (1, 0), (1, 1), (2, 0)], blocks.Select(block => (block.Column, block.Lane)));
        Assert.Equal([1, 2], blocks[3].Inputs);
    }

    [Fact]
    public void Arrange_ActivationThatTwoTake_FollowsAndIsKept()
    {
        var blocks = NetworkLayout.Arrange(
        [
            Some.Layer("a", "conv2d", [8, 8, 8], "input"),
            Some.Layer("relu", "activation", [8, 8, 8], "a"),
            Some.Layer("b", "conv2d", [8, 8, 8], "relu"),
            Some.Layer("sum", "add", [8, 8, 8], "b", "relu"),
        ]);

        Assert.Equal(["a", "b", "sum"], blocks.Select(block => block.Main.Name));
        Assert.Equal([1, 0], blocks[2].Inputs); // The way round b.
    }

    [Fact]
    public void Of_Cell_IsTheReceptiveFieldRoundItsCentre()
    {
        // conv_2 of the article's network behind a pooling: 8 pixels wide, 2 apart, the first cell's middle at 1 (design: 0.5 + 0.5).
        var box = SeenBox.Of(Field([8, 8], [2, 2], [1, 1]), 3, 5);

        Assert.Equal(new SeenBox(7, 3, 8, 8), box);
    }

    [Fact]
    public void Of_CellThatSeesAll_IsNoBox() => Assert.Null(SeenBox.Of(Field([64, 64], null, null), 0, 0));

    private static ReceptiveFieldFigures Field(int[] size, int[]? jump, double[]? start) => new()
    {
        Model = "m",
        Version = 1,
        Layer = "l",
        Image = [64, 64],
        Map = [32, 32],
        Cell = [0, 0],
        IsWholeImage = jump is null,
        Size = size,
        Jump = jump,
        Start = start,
        Box = Box,
        Inside = Box,
        ShareInside = 1,
        ShareSeen = 1,
    };

    private static FieldBox Box => new() { Left = 0, Top = 0, Width = 8, Height = 8 };
}
