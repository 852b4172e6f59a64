using CnnService.Studio.Pages.Tour.Figures;

namespace CnnService.Studio.Tests.Pages.Tour;

/// <summary>The tour claims overfitting where its curve shows it, and only there.</summary>
public sealed class GapWordsTests
{
    [Theory]
    [InlineData(1, 0.8, "it knows the first by heart, 20 points more")]
    [InlineData(0.9, 0.7, "20 points between them. Overfitting begins.")]
    [InlineData(1, 0.97, "no gap to speak of")]
    [InlineData(0.4, 0.5, "no gap to speak of")]
    public void Of_Shares_ClaimsWhatTheyShow(double train, double validation, string part) =>
        Assert.Contains(part, GapWords.Of(train, validation), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.96, 0.95)]
    [InlineData(0.4, 0.5)]
    public void Of_NoGap_DoesNotSayByHeart(double train, double validation) =>
        Assert.DoesNotContain("by heart", GapWords.Of(train, validation), StringComparison.Ordinal);
}
