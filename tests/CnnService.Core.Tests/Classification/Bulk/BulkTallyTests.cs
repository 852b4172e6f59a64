using System.Text;
using CnnService.Core.Architecture;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

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

        Assert.Equal((1, "b"), (image.Best, image.Predicted));
        Assert.Equal([0, 0.5f, 0.5f], image.Probabilities);
        Assert.Equal("a/0.png", image.Image.Source);
    }

    [Fact]
    public void Of_ScoresOfAMultiLabelModel_GivesTheSigmoidOfEach()
    {
        var plan = SomeBulk.Plan("/none", ["a", "b", "c"], ["a"], [0]);

        var image = PredictedImage.From(plan with { Model = MultiLabel(plan.Model) }, 0, [0, 2, -2]);

        Assert.Equal((1, "a, b"), (image.Best, image.Predicted)); // One half is enough.
        Assert.Equal([0.5, 0.8807970779778823, 0.1192029220221176], image.Probabilities.Select(value => (double)value), (a, b) =>
            Math.Abs(a - b) < 1e-6);
    }

    /// <summary>Images of a and b, of none, and of b; the second and the third class swapped in the model.</summary>
    [Fact]
    public void Result_OfAMultiLabelModel_JudgesEachClassByItsThreshold()
    {
        var plan = SomeBulk.Plan("/none", ["a", "c", "b"], ["a", "b", "c"], [0, 1, 2]);
        plan = plan with
        {
            Model = MultiLabel(plan.Model),
            Dataset = plan.Dataset with { Task = DatasetTask.MultiLabel, LabelSets = [[0, 1], [], [1]] },
            Thresholds = new(new Dictionary<string, double> { ["c"] = 0.9 }),
        };
        float[][] scores = [[3, -1, 2], [-2, 2, -3], [1, -4, 4]]; // a and b; c, were 0.88 enough; a too much.

        var judged = Tally(plan, scores).Evaluation!;

        Assert.Equal([true, true, false], scores.Select((row, i) => PredictedImage.From(plan, i, row).IsCorrect));
        Assert.Equal(["a, b", "no label", "a, b"], scores.Select((row, i) => PredictedImage.From(plan, i, row).Predicted));
        Assert.Equal((3, 2.0 / 3), (judged.Images, judged.Accuracy));
        Assert.Equal(["a", "b", "c"], judged.Classes.Select(one => one.Name));
        Assert.Equal([0.5, 1.0, null], judged.Classes.Select(one => one.Precision));
        Assert.Equal(2.0 * 3 / (3 + 4), judged.MultiLabel!.MicroF1!.Value, 1e-12); // 3 right of 3 labels and of 4 said.
    }

    [Fact]
    public void Result_OfAVersionThatTellsKnown_CountsWhatIsFamiliarAndProbableEnough()
    {
        var plan = SomeBulk.Plan("/none", ["a", "b"], ["a", "b"], [0, 0, 1]);
        plan = plan with
        {
            Model = plan.Model with { Manifest = plan.Model.Manifest with { Calibration = SomeBulk.Calibration } },
            Thresholds = new(new Dictionary<string, double> { ["b"] = 0.99 }),
        };
        float[][] scores = [[4, 0, 0.5f], [4, 0, 0.49f], [0, 4, 0.9f]]; // Known; unfamiliar; b at 0.982.

        var images = scores.Select((row, i) => PredictedImage.From(plan, i, row)).ToArray();
        var tally = new BulkStatistics(plan);
        Array.ForEach([.. scores.Zip(images)], pair => tally.Add(pair.First, pair.Second.IsKnown));

        Assert.Equal(3, plan.Columns);
        Assert.Equal([true, false, false], images.Select(image => image.IsKnown));
        Assert.Equal([0.5f, 0.49f, 0.9f], images.Select(image => image.Familiarity));
        Assert.Equal((1, 1.0), (tally.Result().Known, tally.Result().Evaluation!.Accuracy));
        using var memory = new MemoryStream();
        using (var csv = new PredictionCsv(memory, plan))
        {
            csv.Add(images[1]);
        }

        var lines = Encoding.UTF8.GetString(memory.ToArray()).Split("\r\n");
        Assert.EndsWith(",p_a,p_b,known,familiarity", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",false,0.49", lines[1], StringComparison.Ordinal);
    }

    private static LoadedModel MultiLabel(LoadedModel model) => model with
    {
        Network = NetworkSpecValidator.Resolve(OnnxGraphLayer.Network(new(1, 1, 3), 3, isMultiLabel: true), 3, new())!,
    };

    private static BulkResult Tally(BulkPlan plan, float[][] scores)
    {
        var tally = new BulkStatistics(plan);
        Array.ForEach(scores, row => tally.Add(row));
        return tally.Result();
    }
}
