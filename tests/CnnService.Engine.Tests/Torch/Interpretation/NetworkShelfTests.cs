using CnnService.Torch.Interpretation;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class NetworkShelfTests : IDisposable
{
    private readonly PatternBench _bench = new();

    [Fact]
    public void Borrow_KnownModel_LendsTheLoadedNetwork()
    {
        using var shelf = new NetworkShelf(1);
        var model = _bench.Small();
        using var first = shelf.Borrow(model);
        using var second = shelf.Borrow(model with { Version = 7 });
        Assert.Same(first.Network, second.Network);
    }

    [Fact]
    public void Borrow_MoreThanFit_LetsTheOldestGoWhenItIsGivenBack()
    {
        using var shelf = new NetworkShelf(2);
        var (a, b, c) = (_bench.Small(), _bench.Small(), _bench.Small());
        var before = LiveTensors.Count();
        var lentA = shelf.Borrow(a);
        var one = torch.Tensor.TotalCount - before;
        shelf.Borrow(b).Dispose();
        shelf.Borrow(c).Dispose();
        Assert.Equal(3 * one, torch.Tensor.TotalCount - before); // a has fallen off, but is lent
        lentA.Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before);
        shelf.Borrow(b).Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before); // b was still there
        shelf.Borrow(a).Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before); // c has made room
    }

    [Fact]
    public void Dispose_WhileLent_WaitsForTheLoan()
    {
        var before = LiveTensors.Count();
        var shelf = new NetworkShelf(2);
        var model = _bench.Small();
        var loan = shelf.Borrow(model);
        shelf.Dispose();
        Assert.True(torch.Tensor.TotalCount > before);
        Assert.Throws<ObjectDisposedException>(() => shelf.Borrow(model));
        loan.Dispose();
        loan.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Borrow_TornWeights_SaysWhichFile()
    {
        using var shelf = new NetworkShelf(1);
        var model = _bench.Small();
        File.WriteAllBytes(model.WeightsPath, [1, 2, 3]);
        var failure = Assert.Throws<InvalidDataException>(() => shelf.Borrow(model));
        Assert.Contains(model.WeightsPath, failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();
}
