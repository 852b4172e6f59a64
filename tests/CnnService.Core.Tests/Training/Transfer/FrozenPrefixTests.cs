using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Tests.Training.Transfer;

public sealed class FrozenPrefixTests
{
    /// <summary>Four convolutions of 1x1 on one map: 3·4, 4·4, 4·4 and 4·4 multiply-adds a position, then 4·2 for the classes.</summary>
    private static readonly ResolvedNetwork Chain = Resolve(
        new Conv2dLayer { Name = "a", Filters = 4, KernelSize = new(1, 1) },
        new Conv2dLayer { Name = "b", Filters = 4, KernelSize = new(1, 1) },
        new Conv2dLayer { Name = "c", Filters = 4, KernelSize = new(1, 1) },
        new Conv2dLayer { Name = "d", Filters = 4, KernelSize = new(1, 1) },
        new GlobalAveragePooling2dLayer { Name = "pool" },
        new DenseLayer { Name = "output", Units = 2 });

    [Theory]
    [InlineData(0.001, "a b c d")]
    [InlineData(0.30, "a b c")]
    [InlineData(0.54, "a b")]
    [InlineData(0.99, "a")]
    [InlineData(1.0, "")]
    public void Choose_OfAChain_TrainsTheLongestEndWithinTheShare(double share, string frozen) =>
        Assert.Equal(frozen.Split(' ', StringSplitOptions.RemoveEmptyEntries), FrozenPrefix.Choose(Chain, share));

    /// <summary>Within a residual block the rest would see the image through two layers.</summary>
    [Fact]
    public void Choose_AmongBranches_BeginsWhereOneLayerGivesEverything()
    {
        var branched = Resolve(
            new Conv2dLayer { Name = "stem", Filters = 4, KernelSize = new(1, 1) },
            new Conv2dLayer { Name = "left", Filters = 4, KernelSize = new(1, 1) },
            new Conv2dLayer { Name = "right", Filters = 4, KernelSize = new(1, 1) },
            new AddLayer { Name = "sum", Inputs = ["stem", "right"] },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "output", Units = 2 });

        // A third would hold the right convolution alone; with the left one before it, it is two thirds.
        Assert.Equal(["stem", "left", "right"], FrozenPrefix.Choose(branched, 0.4));
        Assert.Equal(["stem"], FrozenPrefix.Choose(branched, 0.75));
    }

    private static ResolvedNetwork Resolve(params LayerSpec[] layers)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(new(new(8, 8, 3), layers), 2, errors);
        Assert.False(errors.Any, Some.Text(errors));
        return network!;
    }
}
