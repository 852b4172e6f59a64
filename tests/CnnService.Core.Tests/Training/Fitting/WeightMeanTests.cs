using CnnService.Core.Models;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

public sealed class WeightMeanTests
{
    [Fact]
    public void Add_ThreeWeights_GivesTheirMean()
    {
        var mean = new WeightMean();
        foreach (var first in new[] { 1f, 2, 6 })
        {
            var weights = new NamedWeights();
            weights.Add("a.weight", new([2], [first, -first]));
            mean.Add(weights);
        }

        Assert.Equal(3, mean.Count);
        Assert.Equal([3f, -3f], mean.Value["a.weight"].Data);
    }

    [Fact]
    public void Value_OfNothing_Throws() => Assert.Throws<InvalidOperationException>(() => new WeightMean().Value);
}
