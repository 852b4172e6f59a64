using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class ArgMaxTests
{
    [Theory]
    [InlineData(2, 0.1f, 0.2f, 0.4f, 0.3f)]
    [InlineData(0, 0.4f, 0.2f, 0.4f)]
    [InlineData(1, float.NaN, -1f, float.NaN)]
    [InlineData(0, float.NaN, float.NaN)]
    [InlineData(1, float.NegativeInfinity, 0f)]
    public void Find_SomeValues_IsTheFirstOfTheLargest(int expected, params float[] values) =>
    Assert.Equal(expected, ArgMax.Find<float>(values));

    [Fact]
    public void Find_NoValue_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ArgMax.Find<float>([]));

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(0, -0.1)]
    [InlineData(0, 0.0)]
    [InlineData(1, -2.0, 0.5)]
    public void OfLogits_OneOrOneAClass_IsTheBestClass(int expected, params double[] logits) =>
    Assert.Equal(expected, ArgMax.OfLogits<double>(logits));
}
