using CnnService.Core.Classification;

namespace CnnService.Core.Tests.Classification;

public sealed class TopKTests
{
    private static readonly string[] Classes = ["ant", "bee", "cat", "dog"];

    [Fact]
    public void Of_FourClasses_ListsTheBestFirst()
    {
        var prediction = TopK.Select([0.1f, 0.2f, 0.4f, 0.3f], Classes, 3);

        Assert.Equal(("cat", 0.4f), (prediction.Label, prediction.Probability));
        Assert.Equal([new("cat", 0.4f), new("dog", 0.3f), new("bee", 0.2f)], prediction.Top);
    }

    [Fact]
    public void Of_EqualProbabilities_KeepsTheOrderOfTheClasses() =>
        Assert.Equal(["bee", "dog", "ant", "cat"], TopK.Select([0.1f, 0.4f, 0.1f, 0.4f], Classes, 4).Top.Select(scored => scored.Label));

    [Fact]
    public void Of_NotANumber_ComesLast() => Assert.Equal("cat", TopK.Select([float.NaN, 0.1f, 0.2f, float.NaN], Classes, 1).Label);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(200, 4)]
    public void Of_Count_IsNeverMoreThanTheClasses(int count, int listed) =>
        Assert.Equal(listed, TopK.Select([0.1f, 0.2f, 0.4f, 0.3f], Classes, count).Top.Count);

    [Fact]
    public void Of_BrokenContract_Throws()
    {
        Assert.Throws<ArgumentException>(() => TopK.Select([1f], Classes, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Select([0.1f, 0.2f, 0.4f, 0.3f], Classes, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Select([], [], 1));
    }
}
