using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class ShapeInferenceTests
{
    [Fact]
    public void Convolution_RandomWindows_FitAsOftenAsTheyCanBePlaced()
    {
        var random = new CounterRandom(1);
        for (var round = 0; round < 2000; round++)
        {
            var (size, kernel, stride, dilation) = (1 + random.NextInt32(40), 1 + random.NextInt32(7), 1 + random.NextInt32(5),
                1 + random.NextInt32(3));
            var (before, after) = (random.NextInt32(4), random.NextInt32(4));
            var layer = new Conv2dLayer
            {
                Filters = 5,
                KernelSize = new(kernel, 1),
                Strides = new(stride, 1),
                Dilation = new(dilation, 1),
                Padding = Padding2.Explicit(before, 0, after, 0),
            };

            var shape = Shape(layer, size);

            var places = Places(size + before + after, kernel, stride, dilation);
            Assert.True(places == (shape?.Height ?? 0), $"{layer} over {size}: {shape}, placed {places}");
        }
    }

    [Fact]
    public void Same_RandomWindows_GiveOneCellForEachStrideAndPutTheOddCellLast()
    {
        var random = new CounterRandom(2);
        for (var round = 0; round < 2000; round++)
        {
            var (size, kernel, stride, dilation) = (1 + random.NextInt32(40), 1 + random.NextInt32(7), 1 + random.NextInt32(5),
                1 + random.NextInt32(3));
            var layer = new Conv2dLayer
            {
                Filters = 5,
                KernelSize = new(kernel, 1),
                Strides = new(stride, 1),
                Dilation = new(dilation, 1),
                Padding = Padding2.Same,
            };

            Assert.Equal((int)Math.Ceiling(size / (double)stride), Shape(layer, size)!.Value.Height);
            var padding = Padding2.Same.Resolve(new(size, 4), layer.KernelSize, layer.Strides, layer.Dilation);
            Assert.InRange(padding.Bottom - padding.Top, 0, 1);
            Assert.True(
                padding.Top + padding.Bottom == 0
                || Places(size + padding.Top + padding.Bottom - 1, kernel, stride, dilation) < Shape(layer, size)!.Value.Height);
        }
    }

    /// <summary>Factors and offsets: one a channel, or one a value.</summary>
    [Theory]
    [InlineData(null, false, 12)]
    [InlineData(3, false, 12)]
    [InlineData(1, false, 12)]
    [InlineData(1, true, 432)]
    public void LayerNormalization_KeepsTheShape_AndCountsItsParameters(int? groups, bool elementwise, int parameters)
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "conv", Filters = 6 },
            new LayerNormalizationLayer { Name = "norm", Groups = groups, Elementwise = elementwise },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        var norm = network.Find("norm")!;
        Assert.Equal(TensorShape.Map(6, 6, 6), norm.OutputShape);
        Assert.Equal(parameters, norm.Parameters);
    }

    [Fact]
    public void SelectChannels_HasAsManyChannelsAsItNames()
    {
        var network = Some.Network(
            new SelectChannelsLayer { Name = "some", Channels = [2, 0, 0, 1] },
            new FlattenLayer { Name = "flat" },
            new SelectChannelsLayer { Name = "values", Channels = [255, 0] },
            new DenseLayer { Name = "output" });

        Assert.Equal(TensorShape.Map(4, 8, 8), network.Find("some")!.OutputShape);
        Assert.Equal(TensorShape.Vector(2), network.Find("values")!.OutputShape);
        Assert.Equal(0, network.Find("some")!.Parameters);
    }

    [Fact]
    public void Pooling_WithoutStrides_MovesByItsOwnSize() =>
        Assert.Equal(TensorShape.Map(3, 3, 4),
            Some.Network(Some.Headed(new(9, 9, 3), new MaxPooling2dLayer { PoolSize = new(3, 2) })).Layers[0].OutputShape);

    [Fact]
    public void CeilMode_RandomWindows_CountsEachThatStartsBeforeThePaddingBelow()
    {
        var random = new CounterRandom(3);
        for (var round = 0; round < 2000; round++)
        {
            var (size, window, stride) = (1 + random.NextInt32(40), 1 + random.NextInt32(7), 1 + random.NextInt32(5));
            var (before, after) = (random.NextInt32(window), random.NextInt32(window));
            var layer = new MaxPooling2dLayer
            {
                PoolSize = new(window, 1),
                Strides = new(stride, 1),
                Padding = Padding2.Explicit(before, 0, after, 0),
                CeilMode = true,
            };

            var shape = NetworkSpecValidator.Resolve(Some.Headed(new(size, 4, 3), layer), 2, new ValidationErrors())?.Layers[0].OutputShape;

            // PyTorch's formula: rounded up, less the window that would start in the padding below.
            var places = (int)Math.Floor((size + before + after - window + stride - 1) / (double)stride) + 1;
            places -= (places - 1) * stride >= size + before ? 1 : 0;
            Assert.True(Math.Max(places, 0) == (shape?.Height ?? 0), $"{layer} over {size}: {shape}, PyTorch {places}");
        }
    }

    [Fact]
    public void Multiply_MapAndChannelsAndPlaces_HasTheMapsShape()
    {
        var network = Some.Network(Some.Headed(
            new(8, 6, 3),
            new GlobalAveragePooling2dLayer { Name = "vector" },
            new GlobalMaxPooling2dLayer { Name = "cell", Inputs = ["input"], KeepDimensions = true },
            new Conv2dLayer { Name = "place", Filters = 1, Padding = Padding2.Same, Inputs = ["input"] },
            new MultiplyLayer { Name = "product", Inputs = ["vector", "input", "place", "cell"] }));

        Assert.Equal(TensorShape.Vector(3), network.Find("vector")!.OutputShape);
        Assert.Equal(TensorShape.Map(3, 1, 1), network.Find("cell")!.OutputShape);
        Assert.Equal(TensorShape.Map(3, 8, 6), network.Find("product")!.OutputShape);
    }

    [Fact]
    public void Padding_Layer_GrowsTheMapAndMovesTheField()
    {
        var layer = Some.Network(Some.Headed(new(8, 6, 3), new Padding2dLayer { Padding = Padding2.Explicit(1, 2, 3, 4) })).Layers[0];

        Assert.Equal(TensorShape.Map(3, 12, 12), layer.OutputShape);
        Assert.Equal((new Size2(1, 1), -0.5, -1.5), (layer.Field!.Size, layer.Field.StartY, layer.Field.StartX));
    }

    [Fact]
    public void Flatten_Map_GivesAllItsValues() =>
        Assert.Equal(TensorShape.Vector(8 * 8 * 3), Some.Network(Some.Headed(Some.Image)).Layers[0].OutputShape);

    private static TensorShape? Shape(Conv2dLayer layer, int height)
    {
        var errors = new ValidationErrors();
        var spec = Some.Headed(new(height, 4, 3), layer);
        return NetworkSpecValidator.Resolve(spec, 2, errors)?.Layers[0].OutputShape;
    }

    private static int Places(int cells, int kernel, int stride, int dilation)
    {
        var places = 0;
        for (var start = 0; start < cells; start += stride)
        {
            var last = start;
            for (var tap = 1; tap < kernel; tap++)
            {
                last += dilation;
            }

            places += last < cells ? 1 : 0;
        }

        return places;
    }
}
