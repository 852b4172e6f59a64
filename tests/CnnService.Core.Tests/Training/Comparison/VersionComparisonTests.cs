using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Training.Comparison;

public sealed class VersionComparisonTests
{
    private static readonly string[] Classes = ["blue", "green", "red"];

    /// <summary>Labels 0 1 2 0 1 2; A answers 0 1 2 0 0 1, B answers 0 1 0 1 1 0.</summary>
    private static readonly int[] Labels = [0, 1, 2, 0, 1, 2];
    private static readonly int[] AnswersA = [0, 1, 2, 0, 0, 1];
    private static readonly int[] AnswersB = [0, 1, 0, 1, 1, 0];

    [Fact]
    public void Run_TwoNetworks_CountsWhoIsRight()
    {
        var result = Compare(first => Sure(AnswersA[first], 3), Classes, first => Sure(AnswersB[first], 3), Classes);

        Assert.Equal((4.0 / 6, 3.0 / 6), (result.A.Accuracy, result.B.Accuracy));
        Assert.Equal([[1, 1, 0], [0, 2, 0], [2, 0, 0]], result.B.Confusion);
        var agreement = result.Agreement;
        Assert.Equal((2, 2, 1, 1), (agreement.BothRight, agreement.OnlyA, agreement.OnlyB, agreement.BothWrong));
        Assert.Equal((2, 4), (agreement.Agreed, agreement.Disagreed));
        Assert.Equal(1, agreement.PValue);
        Assert.Contains("may well be chance", agreement.Sentence, StringComparison.Ordinal);
        Assert.Equal(["image-2", "image-3", "image-4", "image-5"],
            result.Disagreements.Select(one => one.Image).Order(StringComparer.Ordinal));
        Assert.Contains(result.Disagreements, one => one is { Image: "image-2", TrueClass: "red", A: "red", B: "blue" });
    }

    [Fact]
    public void Run_MeanDifference_IsOfTheClassThatANames()
    {
        // A: softmax(2, 0) of class 0 for each image; B: softmax(0, 0).
        var result = Compare(_ => [2, 0, -1e9f], Classes, _ => [0, 0, -1e9f], Classes);

        Assert.Equal((1 / (1 + Math.Exp(-2))) - 0.5, result.Agreement.MeanDifference, 1e-9);
    }

    [Fact]
    public void Run_ClassesInAnotherOrder_AreMatchedByName()
    {
        string[] reversed = ["red", "green", "blue"];

        var result = Compare(first => Sure(AnswersA[first], 3), Classes, first => Sure(2 - AnswersA[first], 3), reversed);

        Assert.Equal(result.A.Confusion, result.B.Confusion);
        Assert.Equal(result.A.Loss, result.B.Loss, 1e-12);
        Assert.Equal(6, result.Agreement.Agreed);
        Assert.Empty(result.Disagreements);
    }

    [Fact]
    public void Run_NetworkThatKnowsMore_IsJudgedWithWhatItKnows()
    {
        string[] more = ["cat", "red", "green", "blue"];

        var result = Compare(first => Sure(AnswersA[first], 3), Classes, _ => Sure(0, 4), more);

        Assert.Equal(["blue", "green", "red", "cat"], result.B.Classes.Select(figures => figures.Name));
        Assert.Equal(0, result.B.Accuracy);
        Assert.Equal([0, 0, 0, 2], result.B.Confusion[0]);
        Assert.Equal(0, result.A.Confusion[0][3]);
    }

    [Fact]
    public void Run_OneSigmoidOutput_IsClassOneAgainstClassZero()
    {
        string[] two = ["no", "yes"];
        int[] labels = [0, 1, 1];

        var result = Compare(first => [first == 0 ? -3 : 3], two, first => Sure(labels[first], 2), two, labels, two);

        Assert.Equal((1.0, 3), (result.A.Accuracy, result.Agreement.Agreed));
        Assert.Equal(Math.Log(1 + Math.Exp(-3)), result.A.Loss, 1e-9);
    }

    [Fact]
    public void Run_DifferenceBeyondChance_IsToldAsOne()
    {
        var labels = new int[40];

        var result = Compare(_ => Sure(1, 3), Classes, first => Sure(first < 30 ? 0 : 1, 3), Classes, labels);

        Assert.Equal(
            "B is better: it alone is right on 30 images, the other alone on 0; chance would do that in "
            + "fewer than 0.01 of 100 comparisons.", result.Agreement.Sentence);
    }

    [Fact]
    public void Run_ManyDisagreements_KeepsTheSurestThousand()
    {
        var result = Compare(first => [0, first, -1e9f], Classes, _ => Sure(2, 3), Classes, new int[1200]);

        Assert.Equal((1200, 1000), (result.Agreement.Disagreed, result.Disagreements.Count));
        var sure = result.Disagreements.Select(one => one.AProbability + one.BProbability).ToArray();
        Assert.Equal(sure.OrderDescending(), sure);
    }

    [Fact]
    public void Run_TellsProgress_AndStopsWhenAsked()
    {
        var told = new ImportContext();
        Compare(_ => Sure(0, 3), Classes, _ => Sure(0, 3), Classes, new int[40], progress: told);
        Assert.Equal([16, 32, 40], told.Values);
        Assert.Throws<OperationCanceledException>(
            () => Compare(_ => Sure(0, 3), Classes, _ => Sure(0, 3), Classes, cancel: new(canceled: true)));
    }

    [Fact]
    public void Speed_IsTheMedianOfTurns_AnImage()
    {
        // A takes 2 ms an image and 1 ms a run, B twice that; the clock moves with nothing else.
        var clock = new FakeTimeProvider();
        using var images = new LabelledImages(Labels);
        using var a = new TimedRunner(clock, count => 1 + (2 * count));
        using var b = new TimedRunner(clock, count => 2 + (4 * count));

        var result = new VersionComparison(clock).Run(new(a, Classes, images), new(b, Classes, images), About(Labels, Classes),
            new ImportContext(), CancellationToken.None);

        Assert.Equal([1, 8], result.Speed.Select(one => one.BatchSize));
        Assert.Equal((3.0, 6.0, 101), (result.Speed[0].AMilliseconds, result.Speed[0].BMilliseconds, result.Speed[0].Rounds));
        Assert.Equal((17.0 / 8, 34.0 / 8), (result.Speed[1].AMilliseconds, result.Speed[1].BMilliseconds));
    }

    [Fact]
    public void Result_WrittenAndRead_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var result = Compare(first => Sure(AnswersA[first], 3), Classes, first => Sure(AnswersB[first], 3), Classes);
        Assert.Null(ComparisonResult.Read(folder.Root));

        result.Write(folder.Root);

        var read = ComparisonResult.Read(folder.Root)!;
        Assert.Equal(result.Agreement, read.Agreement);
        Assert.Equal(result.Disagreements, read.Disagreements);
        Assert.Equal(result.A.Confusion, read.A.Confusion);
    }

    [Fact]
    public void Unknown_NamesTheClassesThatANetworkLacks() =>
        Assert.Equal(["green"], VersionComparison.UnknownClasses(Classes, ["red", "blue", "cat"]));

    private static ComparisonResult Compare(
        Func<byte, float[]> a, string[] classesA, Func<byte, float[]> b, string[] classesB, int[]? labels = null, string[]? dataset = null,
        IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        labels ??= Labels;
        using var images = new LabelledImages(labels);
        using var first = new RunnerOf(a);
        using var second = new RunnerOf(b);
        return new VersionComparison(new TickingClock()).Run(
            new(first, classesA, images), new(second, classesB, images), About(labels, dataset ?? Classes), progress ?? new ImportContext(),
            cancel);
    }

    private static EvaluatedSplit About(int[] labels, string[] classes) =>
        new(Split.Validation, classes, [.. labels.Select((_, i) => $"image-{i}")]);

    private static float[] Sure(int answer, int classes) => [.. Enumerable.Range(0, classes).Select(k => k == answer ? 5f : 0f)];

    private sealed class ImportContext : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }

    /// <summary>Goes on by 50 ms whenever it is looked at.</summary>
    private sealed class TickingClock : FakeTimeProvider
    {
        public override long GetTimestamp()
        {
            Advance(TimeSpan.FromMilliseconds(50));
            return base.GetTimestamp();
        }
    }

    private sealed class TimedRunner(FakeTimeProvider clock, Func<int, int> milliseconds) : INetworkRunner
    {
        public float[] Logits(PixelBatch batch)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds(batch.Count)));
            return new float[batch.Count * 3];
        }

        public void Dispose()
        {
        }
    }
}
