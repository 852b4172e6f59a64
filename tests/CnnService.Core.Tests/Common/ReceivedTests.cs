using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public class ReceivedTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("rex 🐕", "rex 🐕")]
    [InlineData("a\u0000b\r\u202Ec", "a\\u0000b\\u000d\\u202ec")]
    public void Text_Short_ShowsWhatCannotBeSeen(string text, string shown) => Assert.Equal(shown, ReceivedText.Text(text));

    [Fact]
    public void Text_Long_IsCutAndSaysSo()
    {
        Assert.Equal(new string('x', 80), ReceivedText.Text(new string('x', 80)));
        Assert.Equal(new string('x', 80) + "…", ReceivedText.Text(new string('x', 81)));
        Assert.InRange(ReceivedText.Text(new string('\u0001', 500)).Length, 60, 81);
    }
}
