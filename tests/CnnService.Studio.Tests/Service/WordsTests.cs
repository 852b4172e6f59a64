using CnnService.Studio.Service;

namespace CnnService.Studio.Tests.Service;

public class WordsTests
{
    [Theory]
    [InlineData(0.2, "less than a second")]
    [InlineData(40.2, "41 s")]
    [InlineData(125, "2 min")]
    [InlineData(7500, "2 h 5 min")]
    public void Duration_Seconds_ReadsAsPeopleSay(double seconds, string expected) =>
        Assert.Equal(expected, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(734_003_200, "700 MB")]
    public void Bytes_Count_HasAUnit(long bytes, string expected) => Assert.Equal(expected, Words.Bytes(bytes));

    [Fact]
    public void Percent_Share_HasOneDigit() => Assert.Equal("97.3 %", Words.Percent(0.9731));
}
