using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Training.Evaluation;

public sealed class NetworkEvaluationTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Of_ThreeClasses_HasTheFiguresCountedByHand()
    {
        // Labels 0 1 2 0 1 2 2; answers 0 0 2 0 1 1 2.
        int[] labels = [0, 1, 2, 0, 1, 2, 2];
        int[] answers = [0, 0, 2, 0, 1, 1, 2];

        var judged = Judge(labels, first => Sure(answers[first], 3));

        Assert.Equal([[2, 0, 0], [1, 1, 0], [0, 1, 2]], judged.Confusion);
        Assert.Equal(5.0 / 7, judged.Accuracy);
        Assert.Equal(new ClassFigures("a", 2.0 / 3, 1, 4.0 / 5, 2, 3), judged.Classes[0]);
        Assert.Equal(new ClassFigures("b", 1.0 / 2, 1.0 / 2, 2.0 / 4, 2, 2), judged.Classes[1]);
        Assert.Equal(new ClassFigures("c", 1, 2.0 / 3, 4.0 / 5, 3, 2), judged.Classes[2]);
    }

    [Fact]
    public void Of_SumsOfTheMatrix_AreTheClassesAndTheirAnswers()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i * 7 % 3)];

        var judged = Judge(labels, first => Sure(first % 4 % 3, 3));

        Assert.Equal(judged.Classes.Select(figures => figures.Support), judged.Confusion.Select(row => row.Sum()));
        Assert.Equal(judged.Classes.Select(figures => figures.Predicted),
            Enumerable.Range(0, 3).Select(k => judged.Confusion.Sum(row => row[k])));
        Assert.Equal(judged.Accuracy, Enumerable.Range(0, 3).Sum(k => judged.Confusion[k][k]) / 100.0);
    }

    [Fact]
    public void Of_LikelyLogits_LossIsTheCrossEntropy()
    {
        float[][] logits = [[1, 2, 3], [0.5f, -1, 2], [1000, 0, -1000]];
        int[] labels = [0, 1, 0];

        var judged = Judge(labels, first => logits[first]);

        double Naive(int i) => -Math.Log(Math.Exp(logits[i][labels[i]]) / logits[i].Sum(z => Math.Exp(z)));
        Assert.Equal((Naive(0) + Naive(1) + 0) / 3, judged.Loss, 1e-9);
    }

    [Fact]
    public void Of_OneSigmoidOutput_IsReadAsTheProbabilityOfClassOne()
    {
        float[] logits = [2, -3, 0, 1];
        int[] labels = [0, 0, 0, 1];

        var judged = Judge(labels, first => [logits[first]], "no", "yes");

        Assert.Equal([[2, 1], [0, 1]], judged.Confusion);
        var loss = (Math.Log(1 + Math.Exp(2)) + Math.Log(1 + Math.Exp(-3)) + Math.Log(2) + Math.Log(1 + Math.Exp(-1))) / 4;
        Assert.Equal(loss, judged.Loss, 1e-9);
        var mistake = Assert.Single(judged.Mistakes);
        Assert.Equal(("image-0", "no", "yes"), (mistake.Image, mistake.TrueClass, mistake.PredictedClass));
        Assert.Equal(1 / (1 + Math.Exp(-2)), mistake.Probability, 1e-9);
        Assert.Equal(1 / (1 + Math.Exp(2)), mistake.TrueProbability, 1e-9);
    }

    [Fact]
    public void Of_Predictions_AreSpreadOverTenthsOfTheirProbability()
    {
        // The softmax of (0, z) is 0.5 at 0, 0.731 at 1, 0.953 at 3 and 0.99995 at 10.
        float[] logits = [0, 1, 3, 10, -3];

        var judged = Judge(new int[5], first => [0, logits[first]], "a", "b");

        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 0, 0, 1], judged.Tenths![0]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1, 0, 2], judged.Tenths![1]);
        using var images = new LabelledImages(new int[5]);
        using var network = new RunnerOf(first => [0, logits[first]]);
        var profile = BaselineProfile.Compute(network, ["a", "b"], images, Split.Test, CancellationToken.None);
        Assert.Equal(judged.Tenths, profile.Tenths);
        Assert.Equal("test", profile.Split);
    }

    [Fact]
    public void Of_ManyMistakes_ListsTheFiftySurestInOrder()
    {
        // Image i is wrong with a logit that grows up to 89 and then is the same.
        var judged = Judge(new int[120], first => [0, Math.Min(first, (byte)89) / 10f], "a", "b");

        Assert.Equal(50, judged.Mistakes.Count);
        Assert.Equal(Enumerable.Range(89, 31).Concat(Enumerable.Range(70, 19).Reverse()).Select(i => $"image-{i}"),
            judged.Mistakes.Select(mistake => mistake.Image));
    }

    [Fact]
    public void Of_ClassThatNeverComesUp_HasNullAndNotNaNInJson()
    {
        var judged = Judge([0, 1], _ => Sure(0, 3));

        Assert.Equal((null, null, null), (judged.Classes[2].Precision, judged.Classes[2].Recall, judged.Classes[2].F1));
        Assert.Equal([0, 0, 0], judged.Confusion[2]);
        var json = JsonSerializer.Serialize(judged, CoreJson.Options);
        Assert.Contains("""{"name":"c","precision":null,"recall":null,"f1":null,"support":0,"predicted":0}""", json,
            StringComparison.Ordinal);
        Assert.Equal(judged.Classes, JsonSerializer.Deserialize<SplitEvaluation>(json, CoreJson.Options)!.Classes);
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(1001, 0)]
    public void Of_VeryManyClasses_LeavesTheMatrixOut(int classes, int rows)
    {
        var judged = Judge([0], _ => Sure(0, classes), [.. Enumerable.Range(0, classes).Select(i => $"c{i}")]);

        Assert.Equal(rows, judged.Confusion.Count);
        Assert.Equal(classes, judged.Classes.Count);
    }

    [Fact]
    public void Of_NetworkOfOtherClasses_IsRefused()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Judge([0], _ => Sure(0, 4)));
        Assert.Contains("3 outputs, one a class, received 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Cancelled_Throws()
    {
        using var images = new LabelledImages([0]);
        Assert.Throws<OperationCanceledException>(() => NetworkEvaluation.Evaluate(
            new RunnerOf(_ => [0, 0, 0]), images, new(Split.Validation, Three, ["image-0"]), new(canceled: true)));
    }

    private static SplitEvaluation Judge(int[] labels, Func<byte, float[]> logits, params string[] classes)
    {
        using var images = new LabelledImages(labels);
        using var network = new RunnerOf(logits);
        var about = new EvaluatedSplit(Split.Validation, classes.Length == 0 ? Three : classes, [.. labels.Select((_, i) => $"image-{i}")]);
        return NetworkEvaluation.Evaluate(network, images, about, CancellationToken.None);
    }

    private static float[] Sure(int answer, int classes) => [.. Enumerable.Range(0, classes).Select(k => k == answer ? 5f : 0f)];
}
