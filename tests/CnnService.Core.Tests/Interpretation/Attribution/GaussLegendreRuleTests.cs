using MathNet.Numerics.Integration;

namespace CnnService.Core.Tests.Interpretation.Attribution;

/// <summary>The library's nodes and weights are good enough for every number of steps that integrated gradients take.</summary>
public class GaussLegendreRuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(256)]
    public void Rule_OfPolynomials_IntegratesExactly(int count)
    {
        var rule = new GaussLegendreRule(0, 1, count);
        Assert.All(rule.Abscissas, node => Assert.InRange(node, 0, 1));
        for (var degree = 0; degree <= Math.Min((2 * count) - 1, 60); degree++)
        {
            Assert.Equal(1.0 / (degree + 1), rule.Abscissas.Zip(rule.Weights, (node, weight) => weight * Math.Pow(node, degree)).Sum(),
                1e-12);
        }
    }
}
