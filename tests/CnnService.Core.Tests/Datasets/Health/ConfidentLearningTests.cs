using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Tests.Datasets.Health;

/// <summary>Worked by hand after the definitions of the paper.</summary>
public class ConfidentLearningTests
{
    /// <summary>
    /// Thresholds: class 0 (.9 + .8 + .2) / 3 = .633, class 1 (.7 + .9 + .4) / 3 = .667. Image 2 reaches that of class 1 alone: doubted.
    /// Image 5 is most probably of class 0, but .6 is below the threshold: it is not, and comes next by its margin.
    /// </summary>
    [Fact]
    public void Rank_DoubtsWhatReachesAnotherClassesThreshold_AndOrdersTheRestByMargin()
    {
        double[][] probabilities = [[.9, .1], [.8, .2], [.2, .8], [.3, .7], [.1, .9], [.6, .4]];

        var ranked = ConfidentLearning.Rank(probabilities, [0, 0, 0, 1, 1, 1]);

        Assert.Equal([2, 5, 3, 1, 0, 4], ranked.Select(one => one.Index));
        Assert.Equal([true, false, false, false, false, false], ranked.Select(one => one.IsDoubted));
        Assert.Equal((1, .2, .8), (ranked[0].Suggested, ranked[0].Probability, ranked[0].SuggestedProbability));
        Assert.Equal(-.6, ranked[0].Margin, 12);
    }

    /// <summary>A network that is sure of nothing in class 2 doubts no label of it for being less sure than elsewhere.</summary>
    [Fact]
    public void Rank_OfAClassTheNetworkIsUnsureOf_HoldsItToItsOwnThreshold()
    {
        double[][] probabilities =
            [[.9, .05, .05], [.95, .03, .02], [.05, .9, .05], [.04, .95, .01], [.4, .2, .4], [.45, .15, .4], [.3, .3, .4]];

        Assert.DoesNotContain(ConfidentLearning.Rank(probabilities, [0, 0, 1, 1, 2, 2, 2]), one => one.IsDoubted);
    }

    [Fact]
    public void Rank_OfOneClassOrNone_DoubtsNothing()
    {
        Assert.Empty(ConfidentLearning.Rank([], []));
        Assert.False(Assert.Single(ConfidentLearning.Rank([[1.0]], [0])).IsDoubted);
    }
}
