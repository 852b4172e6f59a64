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
            var (size, kernel, stride, dilation) = (1 + random.NextInt32(40), 1 + random.NextInt32(7), 1 + random.NextInt32(5), 1 + random.NextInt32(3));
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
            var (size, kernel, stride, dilation) = (1 + random.NextInt32(40), 1 + random.NextInt32(7), 1 + random.NextInt32(5), 1 + random.NextInt32(3));
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
            Assert.True(padding.Top + padding.Bottom == 0 || Places(size + padding.Top + padding.Bottom - 1, kernel, stride, dilation) < Shape(layer, size)!.Value.Height);
        }
    }

    [Fact]
    public void Pooling_WithoutStrides_MovesByItsOwnSize() =>
        Assert.Equal(TensorShape.Map(3, 3, 4), Some.Network(Some.Headed(new(9, 9, 3), new MaxPooling2dLayer { PoolSize = new(3, 2) })).Layers[0].OutputShape);

    [Fact]
    public void Flatten_Map_GivesAllItsValues() =>
        Assert.Equal(TensorShape.Vector(8 * 8 * 3), Some.Network(Some.Headed(Some.Picture)).Layers[0].OutputShape);

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
