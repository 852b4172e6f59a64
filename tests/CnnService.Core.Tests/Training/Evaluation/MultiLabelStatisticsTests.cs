using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Training.Evaluation;

public sealed class MultiLabelStatisticsTests
{
    /// <summary>
    /// Worked by hand. First: hits at ranks 1 and 3 of two, so (1/1 + 2/3) / 2, the example of scikit-learn's manual. Second: two equally
    /// probable images count together, so (1/1 + 2/3) / 2 in either order. Third: no hit but the last of four.
    /// </summary>
    [Theory]
    [InlineData(new[] { 0.8, 0.4, 0.35, 0.1 }, new[] { true, false, true, false }, 5.0 / 6)]
    [InlineData(new[] { 0.9, 0.5, 0.5, 0.1 }, new[] { true, false, true, false }, 5.0 / 6)]
    [InlineData(new[] { 0.9, 0.5, 0.5, 0.1 }, new[] { true, true, false, false }, 5.0 / 6)]
    [InlineData(new[] { 0.9, 0.8, 0.7, 0.6 }, new[] { false, false, false, true }, 0.25)]
    [InlineData(new[] { 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3 }, new[] { true, true, true, true, true, true, false }, 1.0)]
    [InlineData(new[] { 0.9, 0.8 }, new[] { false, false }, null)]
    public void AveragePrecision_OfRankedImages_IsThatOfTheDefinition(double[] probabilities, bool[] truth, double? expected)
    {
        var found = MultiLabelStatistics.AveragePrecision([.. probabilities.Zip(truth)]);

        Assert.Equal(expected is null, found is null);
        Assert.Equal(expected ?? 0, found ?? 0, 1e-12);
        Assert.True(found is null or <= 1);
    }

    /// <summary>
    /// Class 0 by hand: cuts after 1, 2, … images have F1 of 2·1/(3+1), 2·2/(3+2), 2·2/(3+3), 2·3/(3+4), 2·3/(3+5): the fourth, 6/7, is the
    /// largest, so the threshold lies between the logits 0 and −2.
    /// </summary>
    [Fact]
    public void ChooseThresholds_TakesTheLargestF1()
    {
        var images = Images([[3, 9], [2, 8], [1, -1], [0, -8], [-2, -9]], [[0, 1], [0], [], [0], []]);

        var thresholds = MultiLabelStatistics.ChooseThresholds(images, [0, 1, 2, 3, 4]);

        Assert.Equal((Sigmoid(0) + Sigmoid(-2)) / 2, thresholds[0], 1e-6);
        Assert.Equal(0.5, thresholds[1]); // One image has the class: too few to choose by.
    }

    /// <summary>Worked by hand at thresholds of one half: class 0 has 2 hits of 3 said and 3 true, class 1 has 1 of 2 and 1.</summary>
    [Fact]
    public void Judge_SomeImages_GivesTheFiguresOfEachClassAndOfAll()
    {
        var images = Images([[3, 2], [2, -2], [1, 1], [-1, -3]], [[0, 1], [0], [], [0]]);

        var judged = MultiLabelStatistics.Judge(
            images, [0, 1, 2, 3], [0.5, 0.5], new(Split.Validation, ["a", "b"], ["1", "2", "3", "4", "5"]));

        var (a, b) = (judged.Classes[0], judged.Classes[1]);
        Assert.Equal((2.0 / 3, 2.0 / 3, 2.0 / 3, 3, 3), (a.Precision!.Value, a.Recall!.Value, a.F1!.Value, a.Support, a.Predicted));
        Assert.Equal((0.5, 1.0, 2.0 / 3, 1, 2), (b.Precision!.Value, b.Recall!.Value, b.F1!.Value, b.Support, b.Predicted));
        Assert.Equal((1 + 1 + (3.0 / 4)) / 3, a.AveragePrecision!.Value, 1e-12);
        Assert.Equal(1, b.AveragePrecision!.Value, 1e-12);
        Assert.Equal(2.0 * 3 / (4 + 5), judged.MultiLabel!.MicroF1!.Value, 1e-12);
        Assert.Equal(2.0 / 3, judged.MultiLabel.MacroF1!.Value, 1e-12);
        Assert.Equal((11.0 / 24) + 0.5, judged.MultiLabel.MeanAveragePrecision!.Value, 1e-12);
        Assert.Equal((0.5, 4, 1), (judged.Accuracy, judged.Images, judged.LeftOut)); // The first two are right in both.
        var loss = -(Math.Log(Sigmoid(3)) + Math.Log(Sigmoid(2)) + Math.Log(Sigmoid(2)) + Math.Log(Sigmoid(2)) + Math.Log(Sigmoid(-1))
            + Math.Log(Sigmoid(-1)) + Math.Log(Sigmoid(-1)) + Math.Log(Sigmoid(3))) / 8;
        Assert.Equal(loss, judged.Loss, 1e-6);
        Assert.Equal(loss, images.Judge().Loss, 1e-6);
        Assert.Equal(0.5, images.Judge().Accuracy);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static LabelledLogits Images(float[][] logits, int[][] labels) =>
        new([.. logits.SelectMany(row => row)], [.. Enumerable.Range(0, labels.Length)]) { Sets = labels };
}
