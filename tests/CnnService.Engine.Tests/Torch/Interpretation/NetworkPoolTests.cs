using CnnService.Torch.Interpretation;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class NetworkPoolTests : IDisposable
{
    private readonly PatternBench _bench = new();

    [Fact]
    public void Acquire_KnownModel_GivesTheLoadedNetwork()
    {
        using var pool = new NetworkPool(1);
        var model = _bench.Small();
        using var first = pool.Acquire(model, torch.CPU);
        using var second = pool.Acquire(model with { Version = 7 }, torch.CPU);
        Assert.Same(first.Value, second.Value);
    }

    [Fact]
    public void Acquire_MoreThanFit_ReleasesTheOldestWhenItIsGivenBack()
    {
        using var pool = new NetworkPool(2);
        var (a, b, c) = (_bench.Small(), _bench.Small(), _bench.Small());
        var before = LiveTensors.Count();
        var leasedA = pool.Acquire(a, torch.CPU);
        var one = torch.Tensor.TotalCount - before;
        pool.Acquire(b, torch.CPU).Dispose();
        pool.Acquire(c, torch.CPU).Dispose();
        Assert.Equal(3 * one, torch.Tensor.TotalCount - before); // a was evicted, but is leased
        leasedA.Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before);
        pool.Acquire(b, torch.CPU).Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before); // b was still there
        pool.Acquire(a, torch.CPU).Dispose();
        Assert.Equal(2 * one, torch.Tensor.TotalCount - before); // c has made room
    }

    [Fact]
    public void Dispose_WhileLeased_ReleasesAtTheEndOfTheLease()
    {
        var before = LiveTensors.Count();
        var pool = new NetworkPool(2);
        var model = _bench.Small();
        var lease = pool.Acquire(model, torch.CPU);
        pool.Dispose();
        Assert.True(torch.Tensor.TotalCount > before);
        Assert.Throws<ObjectDisposedException>(() => pool.Acquire(model, torch.CPU));
        lease.Dispose();
        lease.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Acquire_TornWeights_SaysWhichFile()
    {
        using var pool = new NetworkPool(1);
        var model = _bench.Small();
        File.WriteAllBytes(model.WeightsPath, [1, 2, 3]);
        var failure = Assert.Throws<InvalidDataException>(() => pool.Acquire(model, torch.CPU));
        Assert.Contains(model.WeightsPath, failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();
}
