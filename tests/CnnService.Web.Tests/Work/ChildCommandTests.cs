using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public sealed class ChildCommandTests
{
    [Fact]
    public void Orders_ReadBack_AreTheSame()
    {
        ChildCommand[] orders = [new ChildCancel(), new ChildLease(3, 1234567890123), new ChildLease(int.MaxValue, long.MaxValue)];

        Assert.All(orders, order => Assert.Equal(order, ChildCommand.Parse(order.ToLine())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cancel now")]
    [InlineData("lease 1")]
    [InlineData("lease -1 5")]
    [InlineData("lease 1 soon")]
    public void Parse_OfAnyOtherLine_IsNone(string line) => Assert.Null(ChildCommand.Parse(line));
}
