using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Models.Import;

public sealed class KerasLayoutTests
{
    [Fact]
    public void Map_ConvolutionKernel_PutsItsAxesIntoOurOrder()
    {
        // [h=1, w=2, in=2, out=2]: the value tells its place as hwio.
        var file = SomeWeights.File(
            ("conv/conv/kernel:0", new([1, 2, 2, 2], [0000, 0001, 0010, 0011, 0100, 0101, 0110, 0111])),
            ("conv/conv/bias:0", new([2], [7, 8])));
        var network = Some.Network(
            new NetworkSpec(
                new(4, 4, 1),
                [
                    new Conv2dLayer { Name = "first", Filters = 2, KernelSize = new(1, 1) },
                    new Conv2dLayer { Name = "conv", Filters = 2, KernelSize = new(1, 2) },
                    new GlobalAveragePooling2dLayer { Name = "pool" },
                ]));

        var imported = SomeWeights.Import(file, network);

        Assert.Equal(WeightConvention.Keras, imported.Report.Convention);
        Assert.Equal([2, 2, 1, 2], imported.Weights["conv.weight"].Shape);
        Assert.Equal([0000, 0100, 0010, 0110, 0001, 0101, 0011, 0111], imported.Weights["conv.weight"].Data);
        Assert.Equal([7, 8], imported.Weights["conv.bias"].Data);
        Assert.Equal(
            [("conv.weight", LayoutChanges.Transposed), ("conv.bias", LayoutChanges.None)],
            imported.Report.Filled.Select(tensor => (tensor.Name, tensor.Change)));
    }

    [Fact]
    public void Map_DepthwiseKernel_BecomesOneGroupAChannel()
    {
        // [h=2, w=1, channels=3, multiplier=2]: value 100*h + 10*channel + multiplier. The result's filter is channel*2 + multiplier.
        float[] values = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121];
        var network = Some.Network(
            new Conv2dLayer { Name = "dw", Filters = 6, Groups = 3, KernelSize = new(2, 1), UseBias = false },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "output" });

        var imported = SomeWeights.Import(SomeWeights.File(("dw/depthwise_kernel:0", new([2, 1, 3, 2], values))), network);

        Assert.Equal([6, 1, 2, 1], imported.Weights["dw.weight"].Shape);
        Assert.Equal([0, 100, 1, 101, 10, 110, 11, 111, 20, 120, 21, 121], imported.Weights["dw.weight"].Data);
    }

    [Fact]
    public void Map_DenseBehindAFlatten_PutsItsColumnsIntoOurOrder()
    {
        // A map of 2 channels, 1 by 3: Keras's places are w*2 + c, ours c*3 + w. One unit; the value is Keras's place.
        var network = Some.Network(new NetworkSpec(
            new(1, 3, 1),
            [
                new Conv2dLayer { Name = "conv", Filters = 2, KernelSize = new(1, 1) },
                new FlattenLayer { Name = "flat" },
                new DropoutLayer { Name = "drop" },
                new DenseLayer { Name = "output" },
            ]));

        var imported = SomeWeights.Import(SomeWeights.File(("output/kernel:0", new([6, 1], [0, 1, 2, 3, 4, 5]))), network);

        Assert.Equal([0, 2, 4, 1, 3, 5], imported.Weights["output.weight"].Data);
        Assert.Equal(LayoutChanges.Transposed | LayoutChanges.FlattenOrder, imported.Report.Filled.Single().Change);
    }

    [Fact]
    public void Map_DenseBehindAFlatten_GivesKerassResults()
    {
        const int Channels = 3, Height = 4, Width = 5, Units = 7;
        var network = Some.Network(new NetworkSpec(
            new(Height, Width, Channels),
            [new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "hidden", Units = Units }, new DenseLayer { Name = "output" }]));
        var kernel = SomeWeights.Tensor(1, Height * Width * Channels, Units);
        var bias = SomeWeights.Tensor(2, Units);
        var map = new float[Height, Width, Channels];
        var values = SomeWeights.Tensor(3, Height * Width * Channels).Data;
        Buffer.BlockCopy(values, 0, map, 0, values.Length * sizeof(float));

        var imported = SomeWeights.Import(
            SomeWeights.File(("hidden/kernel:0", kernel), ("hidden/bias:0", bias), ("output/kernel:0", SomeWeights.Tensor(4, Units, 1))),
            network);

        var expected = NaiveKeras.FlattenAndDense(map, kernel.Data, bias.Data);
        var actual = NaiveKeras.OurFlattenAndDense(map, imported.Weights["hidden.weight"], imported.Weights["hidden.bias"].Data);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(LayoutChanges.Transposed, imported.Report.Filled.Single(tensor => tensor.Name == "output.weight").Change);
    }

    [Fact]
    public void Map_SameDenseFromPyTorch_KeepsItsColumns()
    {
        var network = Some.Network(new NetworkSpec(new(2, 2, 3), [new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "output" }]));
        var weight = SomeWeights.Tensor(1, 1, 12);

        var imported = SomeWeights.Import(SomeWeights.File(("module.output.weight", weight)), network);

        Assert.Same(weight.Data, imported.Weights["output.weight"].Data);
    }

    [Fact]
    public void Map_NormalizationBetweenFlattenAndDense_IsPutIntoOurOrderToo()
    {
        var network = Some.Network(new NetworkSpec(
            new(1, 2, 3),
            [new FlattenLayer { Name = "flat" }, new BatchNormalizationLayer { Name = "bn" }, new DenseLayer { Name = "output" }]));
        float[] places = [0, 1, 2, 3, 4, 5];
        WeightTensor Vector() => new([6], places);

        var imported = SomeWeights.Import(
            SomeWeights.File(
                ("bn/gamma:0", Vector()), ("bn/beta:0", Vector()), ("bn/moving_mean:0", Vector()), ("bn/moving_variance:0", Vector()),
                ("output/kernel:0", new([6, 1], places))),
            network);

        Assert.Equal(5, imported.Weights.Count);
        Assert.All(imported.Weights.All, pair => Assert.Equal([0, 3, 1, 4, 2, 5], pair.Value.Data));
    }

    [Theory]
    [InlineData("block1_conv1/kernel:0", "block1_conv1/bias:0")]
    [InlineData("block1_conv1/block1_conv1/kernel:0", "block1_conv1/block1_conv1/bias:0")]
    [InlineData("block1_conv1/block1_conv1_W_1:0", "block1_conv1/block1_conv1_b_1:0")]
    [InlineData("block1_conv1_W_1:0", "block1_conv1_b_1:0")]
    [InlineData("block1_conv1/block1_conv1_3/kernel:0", "block1_conv1/block1_conv1_3/bias:0")]
    [InlineData("block1_conv1.kernel", "block1_conv1.bias")]
    [InlineData("model_weights/block1_conv1/block1_conv1/kernel:0", "model_weights/block1_conv1/block1_conv1/bias:0")]
    [InlineData("vgg16/block1_conv1/kernel", "vgg16/block1_conv1/bias")]
    public void Map_KerasVgg16_GoesByEveryFormOfItsNames(string kernel, string bias)
    {
        var ours = SomeWeights.Tensor(1, 64, 3, 3, 3);
        var file = SomeWeights.File((kernel, NaiveKeras.Kernel(ours)), (bias, SomeWeights.Tensor(2, 64)));

        var imported = SomeWeights.Import(file, Some.Preset("vgg16", 1000));

        Assert.Equal((WeightConvention.Keras, "vgg16"), (imported.Report.Convention, imported.Report.Preset));
        Assert.Equal(["block1_conv1.weight", "block1_conv1.bias"], imported.Weights.Names);
        Assert.Equal(ours.Data, imported.Weights["block1_conv1.weight"].Data);
        Assert.Empty(imported.Report.Unused);
    }

    [Fact]
    public void Map_NamesThatKerasCounted_GoByOrderNotByNumber()
    {
        var network = Some.Network(
            Convolution("conv2d_1"), Convolution("conv2d_2"), Convolution("conv2d_3"), new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "dense_1" });
        var ours = SomeWeights.Of(network);
        var file = SomeWeights.File(
            ("conv2d/kernel:0", NaiveKeras.Kernel(ours["conv2d_1.weight"])),
            ("conv2d_1/kernel:0", NaiveKeras.Kernel(ours["conv2d_2.weight"])),
            ("conv2d_2/kernel:0", NaiveKeras.Kernel(ours["conv2d_3.weight"])),
            ("dense/kernel:0", NaiveKeras.Dense(ours["dense_1.weight"])));

        var imported = SomeWeights.Import(file, network);

        Assert.All(imported.Weights.All, pair => Assert.Equal(ours[pair.Key].Data, pair.Value.Data));
        Assert.Equal(4, imported.Report.Filled.Count(tensor => tensor.Match == MatchKind.Order));
    }

    [Fact]
    public void Map_ConvolutionOverTheWholeMapAsADense_NeedsNoOtherOrder()
    {
        var network = Some.Network(new NetworkSpec(new(2, 3, 3), [new FlattenLayer { Name = "flat" }, new DenseLayer
        {
            Name = "output",
            Units = 2,
        }]));
        var kernel = SomeWeights.Tensor(1, 2, 3, 2, 3);

        var imported = SomeWeights.Import(SomeWeights.File(("output/kernel:0", NaiveKeras.Kernel(kernel))), network);

        Assert.Equal(kernel.Data, imported.Weights["output.weight"].Data);
        Assert.Equal(LayoutChanges.Transposed | LayoutChanges.Reshaped, imported.Report.Filled.Single().Change);
    }

    private static Conv2dLayer Convolution(string name) => new()
    {
        Name = name,
        Filters = 3,
        KernelSize = new(3, 3),
        Padding = Padding2.Same,
        UseBias = false,
    };
}
