using CnnService.Studio.Pages.Tour.Arithmetic;
using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Tests.Pages.Tour;

/// <summary>The arithmetic of the tour against the numbers that the article prints.</summary>
public sealed class ArithmeticTests
{
    [Fact]
    public void Slide_OfTheArticlesGrid_GivesItsFeatureMap()
    {
        var map = Convolution.Slide(ArticleExamples.Input, ArticleExamples.Filter);

        Assert.Equal([4, 3, 4, 2, 4, 3, 2, 3, 4], map.Values);
        Assert.Equal(3, map.Width);
    }

    [Fact]
    public void Products_OfTheFirstWindow_AreTheArticlesNine() => Assert.Equal(
        [1, 0, 1, 0, 1, 0, 0, 0, 1], Convolution.Products(ArticleExamples.Input, ArticleExamples.Filter, 0, 0).Values);

    [Fact]
    public void Slide_WithPadding_CountsZerosOutside()
    {
        var ones = new NumberMap([.. Enumerable.Repeat(1f, 9)], 3);

        Assert.Equal([4, 6, 4, 6, 9, 6, 4, 6, 4], Convolution.Slide(ones, ones, 1, 1).Values);
    }

    [Fact]
    public void Slide_WithStride_TakesEverySecondPlace()
    {
        var counted = new NumberMap([.. Enumerable.Range(0, 25).Select(value => (float)value)], 5);

        Assert.Equal([0, 2, 4, 10, 12, 14, 20, 22, 24], Convolution.Slide(counted, new([1], 1), 2).Values);
    }

    [Fact]
    public void SlideDeep_OfThreeChannels_AddsThemAndTheBias()
    {
        NumberMap one = new([1, 2, 3, 4], 2), weight = new([2], 1);

        Assert.Equal([6.5f, 12.5f, 18.5f, 24.5f], Convolution.SlideDeep([one, one, one], [weight, weight, weight], 0.5f).Values);
    }

    [Fact]
    public void Max_OfTheArticlesGrid_GivesItsPooledMap() =>
        Assert.Equal([6, 8, 3, 4], Pooling.Max(ArticleExamples.PoolingInput, 2).Values);

    [Fact]
    public void Average_OfTheArticlesGrid_IsTheMeanOfEachBlock() =>
        Assert.Equal([3.25f, 5.25f, 2, 2], Pooling.Average(ArticleExamples.PoolingInput, 2).Values);

    [Fact]
    public void Relu_OfBothSigns_LeavesThePositive() => Assert.Equal([0, 0, 2.5f], Convolution.Relu(new([-3, 0, 2.5f], 3)).Values);

    [Theory]
    [InlineData(5, 3, 1, 0, 3, 0)] // The article's grid.
    [InlineData(5, 3, 1, 1, 5, 0)] // Padding "same".
    [InlineData(5, 3, 2, 0, 2, 0)]
    [InlineData(6, 3, 2, 0, 2, 1)] // The last column is seen by no window.
    [InlineData(227, 11, 4, 0, 55, 0)] // AlexNet's first layer.
    [InlineData(224, 7, 2, 3, 112, 1)] // ResNet's first layer.
    [InlineData(2, 5, 1, 0, 0, 2)] // There is no place for it.
    public void Of_Window_TakesSoManyPlaces(int size, int window, int stride, int padding, int places, int unseen)
    {
        Assert.Equal(places, WindowCount.Of(size, window, stride, padding));
        Assert.Equal(unseen, WindowCount.Unseen(size, window, stride, padding));
    }

    [Theory]
    [InlineData(1, 3, 9, 9)]
    [InlineData(2, 5, 18, 25)] // As the article says: two 3x3 see what one 5x5 does.
    [InlineData(3, 7, 27, 49)] // And three what one 7x7 does.
    public void Side_OfLayersOf3x3_IsTheArticles(int layers, int side, int stack, int one)
    {
        Assert.Equal(side, SeenCells.Side(layers, 3));
        Assert.Equal((stack, one), SeenCells.Weights(layers, 3));
    }

    [Fact]
    public void Softmax_OfEqualScores_IsEqualShares() => Assert.Equal([0.5, 0.5], Decision.Softmax([1000, 1000]));

    [Fact]
    public void Softmax_OfTwoScores_IsTheSigmoidOfTheirDifference() =>
        Assert.Equal(1 / (1 + Math.Exp(-1.5)), Decision.Softmax([2, 0.5f])[0], 6);

    [Fact]
    public void Scores_OfAVector_AreWeightedSums() => Assert.Equal(
        [8.5f, -1], Decision.Scores(Decision.Flatten([new([1, 2], 2), new([3], 1)]), [[1, 2, 1], [0, 1, -1]], [0.5f, 0]));
}
