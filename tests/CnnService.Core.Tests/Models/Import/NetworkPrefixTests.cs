using CnnService.Core.Architecture;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class NetworkPrefixTests
{
    private static readonly ResolvedNetwork Network = Some.Network(Some.Headed(
        new(8, 8, 3),
        new Conv2dLayer { Name = "a", Filters = 4 },
        new Conv2dLayer { Name = "b", Filters = 4, Padding = Padding2.Same },
        new AddLayer { Name = "sum", Inputs = ["a", "b"] },
        new MaxPooling2dLayer { Name = "pool" },
        new Conv2dLayer { Name = "c", Filters = 5 }));

    [Fact]
    public void Of_LackingLayer_EndsBeforeWhatNeedsIt()
    {
        var part = TruncatedNetwork.Create(Network, new HashSet<string> { "c" })!;

        Assert.False(part.HasClasses);
        Assert.Equal(["a", "b", "sum", "pool"], part.Layers.Select(layer => layer.Name));
        Assert.Equal(TensorShape.Map(4, 3, 3), part.Output.OutputShape);
    }

    [Fact]
    public void Of_LackingBranch_LeavesTheSumOutToo() =>
    Assert.Equal(["a"], TruncatedNetwork.Create(Network, new HashSet<string> { "b" })!.Layers.Select(layer => layer.Name));

    [Fact]
    public void Of_LackingFirstLayer_IsNothing() => Assert.Null(TruncatedNetwork.Create(Network, new HashSet<string> { "a" }));
}
