using CnnService.Core.Interpretation.Attribution;

namespace CnnService.Core.Tests.Interpretation.Attribution;

public class GaussLegendreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(256)]
    public void Of_Polynomials_IntegratesExactly(int count)
    {
        var (nodes, weights) = GaussLegendre.Of(count);
        Assert.All(nodes, node => Assert.InRange(node, 0, 1));
        for (var degree = 0; degree <= Math.Min((2 * count) - 1, 60); degree++)
        {
            Assert.Equal(1.0 / (degree + 1), nodes.Zip(weights, (node, weight) => weight * Math.Pow(node, degree)).Sum(), 1e-12);
        }
    }
}
