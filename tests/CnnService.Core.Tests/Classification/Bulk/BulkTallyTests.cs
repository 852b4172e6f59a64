using CnnService.Core.Architecture;
using CnnService.Core.Classification.Bulk;

namespace CnnService.Core.Tests.Classification.Bulk;

public sealed class BulkTallyTests
{
    [Fact]
    public void Result_ModelWithClassesInAnotherOrder_IsJudgedByTheirNames()
    {
        var plan = SomeBulk.Plan("/none", ["red", "blue"], ["blue", "red"], [0, 1, 1]);
        float[][] scores = [[0, 2], [1, 0], [0, 3]]; // blue, red, and a red one called blue.

        var result = Tally(plan, scores);

        var judged = result.Evaluation!;
        Assert.Equal((3, 2.0 / 3), (judged.Images, judged.Accuracy));
        Assert.Equal([[1, 0], [1, 1]], judged.Confusion);
        var loss = (Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(3))) / 3;
        Assert.Equal(loss, judged.Loss, 1e-6);
        Assert.Equal([true, true, false], scores.Select((row, i) => PredictedImage.From(plan, i, row).IsCorrect));
    }

    [Fact]
    public void Result_ModelThatLacksAClass_IsNotJudged()
    {
        var plan = SomeBulk.Plan("/none", ["red", "blue"], ["green", "red"], [0, 1]);

        var result = Tally(plan, [[0, 1], [2, 0]]);

        Assert.Null(result.Evaluation);
        Assert.Equal(["green"], result.UnknownClasses);
        Assert.Equal([null, true], new float[][] { [0, 1], [2, 0] }.Select((row, i) => PredictedImage.From(plan, i, row).IsCorrect));
    }

    [Fact]
    public void Of_Scores_GivesTheirSoftmaxAndTheFirstOfEqualOnes()
    {
        var plan = SomeBulk.Plan("/none", ["a", "b", "c"], ["a"], [0]);

        var image = PredictedImage.From(plan, 0, [1, 700, 700]);

        Assert.Equal(1, image.Predicted);
        Assert.Equal([0, 0.5f, 0.5f], image.Probabilities);
        Assert.Equal("a/0.png", image.Image.Source);
    }

    [Fact]
    public void Of_ScoresOfAMultiLabelModel_GivesTheSigmoidOfEach()
    {
        var plan = SomeBulk.Plan("/none", ["a", "b", "c"], ["a"], [0]);
        var network = NetworkSpecValidator.Resolve(OnnxGraphLayer.Network(new(1, 1, 3), 3, isMultiLabel: true), 3, new())!;

        var image = PredictedImage.From(plan with { Model = plan.Model with { Network = network } }, 0, [0, 2, -2]);

        Assert.Equal(1, image.Predicted);
        Assert.Equal([0.5, 0.8807970779778823, 0.1192029220221176], image.Probabilities.Select(value => (double)value), (a, b) =>
            Math.Abs(a - b) < 1e-6);
    }

    private static BulkResult Tally(BulkPlan plan, float[][] scores)
    {
        var tally = new BulkStatistics(plan);
        Array.ForEach(scores, row => tally.Add(row));
        return tally.Result();
    }
}
