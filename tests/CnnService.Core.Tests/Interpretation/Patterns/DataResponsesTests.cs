using CnnService.Core.Interpretation.Patterns;

namespace CnnService.Core.Tests.Interpretation.Patterns;

public sealed class DataResponsesTests
{
    // Of the first filter 1 to 5: mean 3, variance 2. Of the second 0 and 10: mean 2, variance 16. The third says the same of everything.
    private readonly DataResponses _data = new([[1, 0, 7], [2, 0, 7], [3, 10, 7], [4, 0, 7], [5, 0, 7]]);

    [Theory]
    [InlineData(0, 0.5, 3)]
    [InlineData(0, 0.99, 4.96)]
    [InlineData(0, 1, 5)]
    [InlineData(1, 0.5, 0)]
    public void Quantile_Share_LiesBetweenTheNearest(int filter, double share, double expected) =>
        Assert.Equal(expected, _data.Quantile(filter, share), 1e-9);

    [Fact]
    public void Standardized_Response_IsCountedInDeviations()
    {
        Assert.Equal(4 / Math.Sqrt(2), _data.Standardized(0, 7)!.Value, 1e-9);
        Assert.Equal(-0.5, _data.Standardized(1, 0)!.Value, 1e-9);
        Assert.Null(_data.Standardized(2, 9));
    }

    [Fact]
    public void Rank_Responses_CountsThoseThatStandOutMore()
    {
        float[] image = [5, 30, 99]; // 1.4 and 7 deviations; of the third nothing can be said.
        Assert.Equal([1, 0, null], Enumerable.Range(0, 3).Select(filter => _data.Rank(filter, image)));
    }
}
