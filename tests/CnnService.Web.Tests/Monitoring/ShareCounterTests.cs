using CnnService.Web.Monitoring;

namespace CnnService.Web.Tests.Monitoring;

public sealed class ShareCounterTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(0.25, 25)]
    [InlineData(0.33, 33)]
    [InlineData(0, 0)]
    public void Next_PicksTheShareEvenly(double share, int expected)
    {
        var counter = new Sampler(share);
        var picked = Enumerable.Range(0, 100).Where(_ => counter.Next()).ToArray();

        Assert.Equal(expected, picked.Length);
        Assert.All(picked.Zip(picked.Skip(1)),
            pair => Assert.InRange(pair.Second - pair.First, Math.Floor(1 / share), Math.Ceiling(1 / share)));
    }
}
