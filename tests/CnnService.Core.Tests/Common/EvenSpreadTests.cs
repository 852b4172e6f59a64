using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class EvenSpreadTests
{
    [Theory]
    [InlineData(3, 5, "0 1 2")]
    [InlineData(5, 5, "0 1 2 3 4")]
    [InlineData(10, 4, "0 2 5 7")] // 0, 2.5, 5, 7.5.
    [InlineData(0, 4, "")]
    [InlineData(2_000_000_000, 2, "0 1000000000")]
    public void Of_SomeOfMany_IsEveryNthFromTheFirst(int all, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', EvenSpread.Of(all, most)));
}
