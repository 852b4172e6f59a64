using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class ReceptiveFieldsTests
{
    [Fact]
    public void Field_RandomChains_IsWhatEachCellTouches()
    {
        var random = new CounterRandom(3);
        for (var round = 0; round < 300; round++)
        {
            var layers = Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => RandomLayer(ref random)).ToList();
            var errors = new ValidationErrors();
            var network = NetworkSpecValidator.Resolve(Some.Headed(new(40, 1, 1), layers), 2, errors);
            if (network is not null)
            {
                AssertFields(network, layers.Count);
            }
        }
    }

    [Fact]
    public void Field_OfBranches_IsTheBoxRoundBoth()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "small", Filters = 3, Padding = Padding2.Same },
            new Conv2dLayer { Name = "large", Filters = 3, KernelSize = new(7, 7), Padding = Padding2.Same, Inputs = ["input"] },
            new AddLayer { Name = "sum", Inputs = ["small", "large"] },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        Assert.Equal(network.Find("large")!.Field, network.Find("sum")!.Field);
    }

    /// <summary>Each place by itself, or the whole map.</summary>
    [Fact]
    public void Field_OfNormalizations_IsTheWholeImageWhereMapsAreNormalized()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "conv", Filters = 4 },
            new LayerNormalizationLayer { Name = "places" },
            new SelectChannelsLayer { Name = "turned", Channels = [3, 2, 1, 0] },
            new LayerNormalizationLayer { Name = "groups", Groups = 2 },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        Assert.Equal(network.Find("conv")!.Field, network.Find("turned")!.Field);
        Assert.Null(network.Find("groups")!.Field);
    }

    [Fact]
    public void Field_OfShiftedBranches_HoldsBothEnds()
    {
        var up = Padding2.Explicit(2, 0, 0, 0);
        var down = Padding2.Explicit(0, 0, 2, 0);
        var network = Some.Network(
            new Conv2dLayer { Name = "up", Filters = 3, KernelSize = new(3, 1), Padding = up },
            new Conv2dLayer { Name = "down", Filters = 3, KernelSize = new(3, 1), Padding = down, Inputs = ["input"] },
            new AddLayer { Name = "sum", Inputs = ["up", "down"] },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        // Rows -2, -1, 0 above and 0, 1, 2 below.
        Assert.Equal(new(new(5, 1), new(1, 1), 0.5, 0.5), network.Find("sum")!.Field);
    }

    [Fact]
    public void Field_OfBranchesThatDriftApart_IsTheWholeImage()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "half", Filters = 3, KernelSize = new(2, 2), Strides = new(2, 2) },
            new Conv2dLayer { Name = "cut", Filters = 3, KernelSize = new(5, 5), Inputs = ["input"] },
            new AddLayer { Name = "sum", Inputs = ["half", "cut"] },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });

        Assert.Null(network.Find("sum")!.Field);
    }

    private static LayerSpec RandomLayer(ref CounterRandom random)
    {
        var kernel = 1 + random.NextInt32(4);
        var padding = random.NextInt32(3) == 0
            ? Padding2.Same
            : Padding2.Explicit(random.NextInt32(kernel), 0, random.NextInt32(kernel), 0);
        var strides = new Size2(1 + random.NextInt32(3), 1);
        return random.NextInt32(3) switch
        {
            0 => new MaxPooling2dLayer { PoolSize = new(kernel, 1), Strides = strides, Padding = padding },
            1 => new ActivationLayer(),
            _ => new Conv2dLayer
            {
                Filters = 1,
                KernelSize = new(kernel, 1),
                Strides = strides,
                Dilation = new(1 + random.NextInt32(2), 1),
                Padding = padding,
            },
        };
    }

    /// <summary>Follows every cell back to the rows it touches, padding included, and compares the box with the recurrence.</summary>
    private static void AssertFields(ResolvedNetwork network, int count)
    {
        Func<int, (int Low, int High)> touched = row => (row, row);
        foreach (var layer in network.Layers.Take(count))
        {
            touched = Behind(layer, touched);
            var field = layer.Field!;
            for (var cell = 0; cell < layer.OutputShape.Height; cell++)
            {
                var (low, high) = touched(cell);
                Assert.Equal(high - low + 1, field.Size.Height);
                Assert.Equal((low + high + 1) / 2.0, field.StartY + (cell * field.Jump.Height));
            }
        }
    }

    private static Func<int, (int Low, int High)> Behind(ResolvedLayer layer, Func<int, (int Low, int High)> before)
    {
        var (kernel, stride, dilation) = layer.Spec switch
        {
            Conv2dLayer conv => (conv.KernelSize.Height, conv.Strides.Height, conv.Dilation.Height),
            MaxPooling2dLayer pool => (pool.PoolSize.Height, pool.Strides!.Value.Height, 1),
            _ => (1, 1, 1),
        };
        return cell =>
        {
            var taps = Enumerable.Range(0, kernel).Select(tap => before((cell * stride) + (tap * dilation) - layer.Padding.Top)).ToList();
            return (taps.Min(tap => tap.Low), taps.Max(tap => tap.High));
        };
    }
}
