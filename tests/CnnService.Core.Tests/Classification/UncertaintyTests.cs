using CnnService.Core.Classification;

namespace CnnService.Core.Tests.Classification;

public sealed class UncertaintyTests
{
    [Theory]
    [InlineData(0, 1f, 0f)]
    [InlineData(1, 0.5f, 0.5f)]
    [InlineData(1, 0.25f, 0.25f, 0.25f, 0.25f)]
    [InlineData(0.811278124459133, 0.25f, 0.75f)]
    [InlineData(0.5, 0.5f, 0.5f, 0f, 0f)]
    public void Of_IsTheEntropyOverTheLargest(double expected, params float[] probabilities) =>
        Assert.Equal(expected, Uncertainty.Compute(probabilities), 1e-6);
}
